import { alignTable } from "../table";
import { placeText, type Letter } from "./letter";
import type { Replayed } from "./replay";

const ERROR_WIDTH = 100;
const HEX_BYTES = 256;

/** Letters, a line each. */
export function renderList(letters: readonly Letter[]): string {
  const rows = letters.map((letter) => [
    letter.topic,
    placeText(letter),
    letter.receivedAt,
    letter.replays > 0 ? `replayed ${letter.replays}x` : "",
    oneLine(letter.errors.join("; ")).slice(0, ERROR_WIDTH),
  ]);
  return alignTable([["TOPIC", "PLACE", "RECEIVED", "", "ERROR"], ...rows]).join("\n");
}

/** All that is known of one letter. @param bytes the message, where it could be had */
export function renderLetter(letter: Letter, bytes: Buffer | undefined): string {
  const { topic, key, receivedAt, errors, readAs, headers, replays } = letter;
  const lines: [string, string][] = [
    ["place", `${topic} ${placeText(letter)}`],
    ["received", receivedAt],
    ["key", key],
    ...headers.map(({ name, value }): [string, string] => ["header", `${name}: ${value}`]),
    ...errors.map((error): [string, string] => ["error", oneLine(error)]),
    ...readAs.map((row): [string, string] => ["read as", row]),
    ["replayed", String(replays)],
    ["message", bytes === undefined ? "neither here nor in Kafka any more" : readable(bytes)],
  ];
  return alignTable(lines).join("\n");
}

export function renderCounts(
  counts: readonly { topic: string; kind: string; messages: number; replayed: number }[],
): string {
  const rows = counts.map(({ topic, kind, messages, replayed }) => [
    String(messages),
    String(replayed),
    topic,
    oneLine(kind).slice(0, ERROR_WIDTH),
  ]);
  return alignTable([["MESSAGES", "REPLAYED", "TOPIC", "ERROR"], ...rows], [0, 1]).join("\n");
}

export function renderReplayed(replayed: readonly Replayed[]): string {
  return alignTable(
    replayed.map(({ topic, from, to, outcome, detail }) => [
      outcome,
      `${topic} ${from}`,
      to === undefined ? "" : `as ${to}`,
      oneLine(detail),
    ]),
  ).join("\n");
}

/** Text where it is valid UTF-8, else its first bytes in hexadecimal. */
export function readable(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (Buffer.from(text, "utf8").equals(bytes)) return text;
  const shown = bytes.subarray(0, HEX_BYTES).toString("hex");
  return `${bytes.length} bytes, not UTF-8: ${shown}${bytes.length > HEX_BYTES ? "..." : ""}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
