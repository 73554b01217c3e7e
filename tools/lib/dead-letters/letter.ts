import { quoteString } from "../../../infra/clickhouse/render";
import type { Ask } from "../audit/target";
import { UserError } from "../user-error";

/** Where a message stood. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
}

/** A message that was refused. Its rows that break the contract are one letter. */
export interface Letter extends Place {
  /** ISO 8601, when ClickHouse refused it. */
  receivedAt: string;
  key: string;
  errors: string[];
  /** Its bytes; empty where the engine could parse it, and then gave its rows alone. */
  raw: Buffer;
  /** Its refused rows as JSON, where it could be parsed. */
  readAs: string[];
  headers: { name: string; value: string }[];
  /** How often it was sent again. */
  replays: number;
}

export interface LetterFilter {
  topic?: string | undefined;
  /** Only those with an error that has this in it, whatever the case. */
  error?: string | undefined;
  places?: readonly Place[];
  limit?: number;
}

/** Error texts without what differs from message to message. */
const KIND = `replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(substring(error, 1, 300),
  'cannot be [^;]*', 'cannot be ...'), '\\'[^\\']*\\'', '...'), '[0-9]+', 'N')`;

/** The letters that fit, newest first. @param ask must be allowed to read `steam_dead_letters` */
export async function readLetters(ask: Ask, filter: LetterFilter = {}): Promise<Letter[]> {
  interface Row {
    topic: string;
    partition: string;
    offset: string;
    received_at: string;
    key: string;
    errors: string[];
    raw: string;
    read_as: string[];
    headers: { name: string; value: string }[];
    replays: number;
  }
  const found = await ask<Row>(
    `SELECT topic, partition, offset, formatDateTime(max(received_at), '%FT%TZ', 'UTC') AS received_at, any(letters.key) AS key,
       groupUniqArray(error) AS errors, hex(max(raw_message)) AS raw, arrayFilter(row -> row != '', groupUniqArray(letters.read_as)) AS read_as,
       any(letters.headers) AS headers, max(letters.replays) AS replays
     FROM (SELECT * FROM steam_dead_letters FINAL WHERE ${conditionOf(filter)}) AS letters
     GROUP BY topic, partition, offset ORDER BY max(letters.received_at) DESC, topic, partition, offset
     LIMIT ${filter.limit ?? 1_000_000}`,
  );
  return found.map((row) => ({
    topic: row.topic,
    partition: Number(row.partition),
    offset: Number(row.offset),
    receivedAt: row.received_at,
    key: row.key,
    errors: row.errors,
    raw: Buffer.from(row.raw, "hex"),
    readAs: row.read_as,
    headers: row.headers,
    replays: Number(row.replays),
  }));
}

/** How many letters there are of each kind of error, most first. */
export async function countLetters(
  ask: Ask,
  filter: LetterFilter,
): Promise<{ topic: string; kind: string; messages: number; replayed: number }[]> {
  const found = await ask<{ topic: string; kind: string; messages: string; replayed: string }>(
    `SELECT topic, ${KIND} AS kind, uniqExact(partition, offset) AS messages, uniqExactIf((partition, offset), replays > 0) AS replayed
     FROM steam_dead_letters FINAL WHERE ${conditionOf(filter)} GROUP BY topic, kind ORDER BY messages DESC, topic, kind`,
  );
  return found.map((row) => ({
    ...row,
    messages: Number(row.messages),
    replayed: Number(row.replayed),
  }));
}

/** Notes that a letter was sent again. */
export async function markReplayed(ask: Ask, { topic, partition, offset }: Place): Promise<void> {
  await ask(
    `INSERT INTO steam_dead_letters SELECT * REPLACE (replays + 1 AS replays) FROM steam_dead_letters FINAL
     WHERE topic = ${quoteString(topic)} AND partition = ${partition} AND offset = ${offset}`,
  );
}

/** Reads `1/230` as partition and offset. @throws UserError (USAGE) */
export function parsePlace(text: string, topic: string): Place {
  const match = /^(\d{1,9})\/(\d{1,15})$/.exec(text);
  if (match) return { topic, partition: Number(match[1]), offset: Number(match[2]) };
  throw new UserError("USAGE", `${JSON.stringify(text)} is no place of a message`, {
    fix: "write PARTITION/OFFSET, such as 1/230, as list shows it",
  });
}

export function placeText({ partition, offset }: Place): string {
  return `${partition}/${offset}`;
}

function conditionOf({ topic, error, places }: LetterFilter): string {
  const one = (place: Place) =>
    `(topic = ${quoteString(place.topic)} AND partition = ${place.partition} AND offset = ${place.offset})`;
  return [
    "1",
    ...(topic === undefined ? [] : [`topic = ${quoteString(topic)}`]),
    ...(error === undefined ? [] : [`positionCaseInsensitive(error, ${quoteString(error)}) > 0`]),
    ...(places ? [`(${places.map(one).join(" OR ") || "0"})`] : []),
  ].join(" AND ");
}
