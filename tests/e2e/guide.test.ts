import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../infra/config";
import type { Check } from "./guide/check";
import { clientChecks } from "./guide/checks-client";
import { kafkaChecks } from "./guide/checks-kafka";
import { gamesOfStub, pythonChecks } from "./guide/checks-python";
import { sqlChecks } from "./guide/checks-sql";
import { readGuide, type Entry, type Snippet } from "./guide/document";
import { ask, answers } from "./guide/live";
import { runSnippet, type Output } from "./guide/run";
import { npmOk, stack } from "./steamline";

const guide = readGuide();
const checks: Record<string, Check> = {
  ...kafkaChecks,
  ...pythonChecks,
  ...sqlChecks,
  ...clientChecks,
};
/** These take away what the stack declares, or make it anew: in this order, when all else is done. */
const TOPIC_LAST = ["kafka.6", "topic.1", "kafka-admin.4", "kafka-admin.1"];
const TABLE_LAST = ["clickhouse.7"];
const LAST = [...TOPIC_LAST, ...TABLE_LAST];
const PATIENCE_MS = 120_000;

const outputs = new Map<Snippet, Output>();
let stub: Server;

async function run(snippet: Snippet, check: Check): Promise<Output> {
  // Lines that share a form share what it printed.
  const known = outputs.get(snippet);
  if (known) return known;
  const output = await runSnippet(snippet, check);
  outputs.set(snippet, output);
  return output;
}

async function prove({ id, verdict, written, form }: Entry): Promise<void> {
  const check = checks[id] ?? {};
  if (verdict === "impossible") {
    const refusal = await run(written!, check);
    expect(refusal.stdout + refusal.stderr).toMatch(check.refused!);
    await check.expect?.(form ? await succeed(form, check) : refusal);
    return;
  }
  const snippet = form ?? written!;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await check.expect?.(await succeed(snippet, check));
      return;
    } catch (error) {
      if (!check.patient || Date.now() > deadline) throw error;
      outputs.delete(snippet);
      await sleep(2_000);
    }
  }
}

async function succeed(snippet: Snippet, check: Check): Promise<Output> {
  const output = await run(snippet, check);
  if (!check.until) expect(output.code, output.stdout + output.stderr).toBe(0);
  return output;
}

beforeAll(async () => {
  const ready = await runSnippet(guide.setup, { timeoutMs: 300_000 });
  expect(ready.code, ready.stdout + ready.stderr).toBe(0);
  stub = createServer((_request, response) => response.end(JSON.stringify(gamesOfStub)));
  await new Promise<void>((listening, failed) => {
    stub.once("error", failed);
    stub.listen(18_999, "127.0.0.1", listening);
  });
});

afterAll(async () => {
  stub.close();
  await runSnippet(guide.cleanup);
});

describe("every line of the guide", () => {
  const works = guide.entries.filter(
    ({ id, written, form }) => !LAST.includes(id) && (written ?? form),
  );

  it("is proved by something that it prints or does", () => {
    const runnable = [...works.map(({ id }) => id), ...LAST];
    const shared = runnable.filter((id) => !checks[id]?.expect && !checks[id]?.refused);
    // Options that one program shows together.
    expect(shared.map((id) => id.split(".")[0]).filter((name) => !/-option$/.test(name!))).toEqual(
      [],
    );
  });

  it.each(works.map((entry) => [entry.id, entry.verdict, entry.title, entry] as const))(
    "%s %s: %s",
    (_id, _verdict, _title, entry) => prove(entry),
  );

  it.skip.each(guide.entries.filter(({ verdict }) => verdict === "unrun").map(({ id }) => id))(
    "%s unrun",
    () => undefined,
  );

  it("exercise 3 impossible: refused by the config, with the reason", () => {
    const cluster = { imageSource: "local", clickhouseEngine: "server" };
    expect(() => parseConfig(stack, cluster)).toThrow(/clickhouseEngine/);
  });
});

describe("what takes away a part of the stack", () => {
  const worksAsWritten = async (id: string) => {
    const entry = guide.entries.find((candidate) => candidate.id === id)!;
    expect(entry.verdict).toBe("works as written");
    await prove(entry);
  };

  it("finds the stack's table without the guide's index", async () => {
    await ask("ALTER TABLE steam_top_games DROP INDEX idx_game_name");
  });

  it.each(TOPIC_LAST)("%s works as written", worksAsWritten);

  it("rows flow again once the Kafka table was attached anew", async () => {
    const newest = await ask("SELECT max(fetch_time) FROM steam_top_games");
    const reattached = await runSnippet(guide.reattach);
    expect(reattached.code, reattached.stderr).toBe(0);
    await answers(`SELECT max(fetch_time) > '${newest}' FROM steam_top_games`, /^1$/);
  });

  it.each(TABLE_LAST)("%s works as written", worksAsWritten);

  it("is mended by npm run up -- --refresh", async () => {
    await npmOk("up", ["--stack", stack, "--refresh"]);
    await answers("SELECT count() >= 100 FROM steam_top_games", /^1$/);
    await npmOk("status", ["--stack", stack, "--wait"]);
    await npmOk("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
  });
});
