import { readFileSync } from "node:fs";
import { stackOption, type Arguments } from "../lib/arguments";
import { adminOf, streamsOf } from "../lib/audit/stack";
import type { Command } from "../lib/command";
import {
  countLetters,
  parsePlace,
  placeText,
  readLetters,
  type Letter,
} from "../lib/dead-letters/letter";
import {
  readable,
  renderCounts,
  renderLetter,
  renderList,
  renderReplayed,
} from "../lib/dead-letters/render";
import { bytesOf, replay, type Replayed } from "../lib/dead-letters/replay";
import { kafkaOf, readOutputs, type Outputs } from "../lib/outputs";
import { createProgress } from "../lib/progress";
import { chosenStack, openSession } from "../lib/session";
import { exitCodes, UserError } from "../lib/user-error";

const LIMIT = 20;
const actions = ["list", "counts", "show", "replay"] as const;

interface Call {
  args: Arguments;
  outputs: Outputs;
  /** Places on the command line, as they were written. */
  places: readonly string[];
  print(this: void, text: string, data: unknown): void;
}

export const command: Command = {
  summary: "lists, shows, counts and sends again the messages that were refused",
  usage: "list|counts|show PLACE|replay [PLACE ...] [options]",
  notes:
    "PLACE is PARTITION/OFFSET, as list shows it. replay sends a message to its partition again, with the header\nsteamline-replayed, after the engine has said that it would now be stored. Exit code 1 where any was not.",
  options: {
    ...stackOption,
    topic: {
      type: "string",
      value: "NAME",
      description: "the topic; by default all, and that of the ranking for a PLACE",
    },
    error: { type: "string", value: "TEXT", description: "only those whose error has TEXT in it" },
    limit: { type: "string", value: "N", description: `how many list shows; by default ${LIMIT}` },
    file: {
      type: "string",
      value: "FILE",
      description: "replay: sends FILE's bytes in place of the one message's own",
    },
    again: { type: "boolean", description: "replay: also what was sent again before" },
    json: { type: "boolean", description: "print JSON" },
  },
  passOn: true,
  async run(args) {
    const [word = "", ...places] = args.rest;
    const action = actions.find((known) => known === word);
    if (!action) throw usage(word === "" ? "nothing is asked for" : `${word} is not known here`);
    const unknown = places.find((place) => place.startsWith("-"));
    if (unknown !== undefined) throw usage(`${unknown} is not known here`);
    const session = await openSession(chosenStack(args.text("stack")), createProgress());
    const outputs = await readOutputs(session);
    const print = (text: string, data: unknown) =>
      void process.stdout.write(`${args.flag("json") ? JSON.stringify(data) : text}\n`);
    const call = { args, outputs, places, print };
    if (action === "list") return list(call);
    if (action === "counts") return counts(call);
    return action === "show" ? show(call) : replayAll(call);
  },
};

async function list({ args, outputs, print }: Call): Promise<number> {
  const limit = args.count("limit", LIMIT);
  const filter = { topic: args.text("topic"), error: args.text("error"), limit };
  const letters = await readLetters(adminOf(outputs), filter);
  print(letters.length === 0 ? "no dead letters" : renderList(letters), letters.map(plain));
  return exitCodes.ok;
}

async function counts({ args, outputs, print }: Call): Promise<number> {
  const filter = { topic: args.text("topic"), error: args.text("error") };
  const found = await countLetters(adminOf(outputs), filter);
  print(found.length === 0 ? "no dead letters" : renderCounts(found), found);
  return exitCodes.ok;
}

async function show(call: Call): Promise<number> {
  if (call.places.length !== 1) throw usage("show takes one PLACE");
  const [letter] = await chosen(call);
  if (!letter) return exitCodes.failure;
  const bytes = await bytesOf(kafkaOf(call.outputs), letter);
  call.print(renderLetter(letter, bytes), {
    ...plain(letter),
    message: bytes && readable(bytes),
    base64: bytes?.toString("base64"),
  });
  return exitCodes.ok;
}

async function replayAll(call: Call): Promise<number> {
  const { args, outputs, places, print } = call;
  const file = args.text("file");
  if (places.length === 0 && args.text("error") === undefined)
    throw usage("replay takes PLACEs, or --error TEXT to choose by");
  if (file !== undefined && places.length !== 1) throw usage("--file goes with one PLACE");
  const mended = file === undefined ? undefined : contentOf(file);
  const letters = await chosen(call);
  const fresh = letters.filter(({ replays }) => replays === 0 || args.flag("again"));
  for (const letter of letters.filter((one) => !fresh.includes(one)))
    process.stderr.write(`${placeText(letter)} was sent again before; --again does it once more\n`);
  const streams = streamsOf(outputs);
  const target = {
    kafka: kafkaOf(outputs),
    database: outputs.database,
    ask: adminOf(outputs),
    tableOf: (topic: string) => streams.find((stream) => stream.topic === topic)?.table,
  };
  const done: Replayed[] = [];
  for (const letter of fresh) done.push(await replay(target, letter, mended));
  print(done.length === 0 ? "nothing was sent" : renderReplayed(done), done);
  const well = done.every(({ outcome }) => outcome === "stored");
  return well && fresh.length === letters.length ? exitCodes.ok : exitCodes.failure;
}

/** The letters that the command line names. @throws UserError (USAGE) for a place without one */
async function chosen({ args, outputs, places }: Call): Promise<Letter[]> {
  const topic = args.text("topic");
  const error = args.text("error");
  const named = places.map((place) => parsePlace(place, topic ?? outputs.topGamesTopic));
  const filter = places.length > 0 ? { places: named } : { topic, error };
  const letters = await readLetters(adminOf(outputs), filter);
  for (const place of named) {
    const has = letters.some(
      (letter) => letter.partition === place.partition && letter.offset === place.offset,
    );
    if (!has)
      throw new UserError(
        "USAGE",
        `there is no dead letter of ${place.topic} ${placeText(place)}`,
        {
          where: "steam_dead_letters",
          fix: "npm run dead-letters -- list shows them; --topic names another topic",
        },
      );
  }
  return letters.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UserError("USAGE", `${file} cannot be read`, {
      where: "--file",
      fix: "name a file that holds the whole message",
      cause,
    });
  }
}

function plain({ raw, ...letter }: Letter): object {
  return { ...letter, bytes: raw.length };
}

function usage(what: string): UserError {
  return new UserError("USAGE", what, {
    fix: "write npm run dead-letters -- list, counts, show 1/230 or replay 1/230; --help tells more",
  });
}
