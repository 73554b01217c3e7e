import type { KafkaAccess } from "../../../pipeline/kafka/access";
import { quoteString } from "../../../infra/clickhouse/render";
import { reason } from "../clickhouse";
import { LogReader } from "../audit/read-back";
import type { Ask } from "../audit/target";
import { quietKafka } from "../topics";
import { UserError } from "../user-error";
import { judge } from "./judge";
import { markReplayed, placeText, type Letter } from "./letter";

/** Header of a message that was sent again, with the topic, partition and offset that it was refused at. */
export const REPLAYED_HEADER = "steamline-replayed";
const WAIT_MS = 20_000;
const ASK_EVERY_MS = 200;

export interface ReplayTarget {
  kafka: KafkaAccess;
  database: string;
  ask: Ask;
  /** The table that a topic's rows end in; undefined for a topic that is not the stack's. */
  tableOf(this: void, topic: string): string | undefined;
}

export interface Replayed {
  topic: string;
  /** As `partition/offset`. */
  from: string;
  to: string | undefined;
  outcome: "stored" | "refused" | "still bad" | "no bytes" | "sent";
  detail: string;
}

/**
 * The bytes of a letter: its own, or, where it could be parsed, what Kafka still has at its place. Undefined where
 * neither has them.
 */
export async function bytesOf(kafka: KafkaAccess, letter: Letter): Promise<Buffer | undefined> {
  if (letter.raw.length > 0) return letter.raw;
  const reader = new LogReader(kafka);
  try {
    const { topic, partition, offset } = letter;
    const [found] = await reader.read(topic, partition, [{ first: offset, last: offset }]);
    return found?.value ?? undefined;
  } catch (cause) {
    throw unreachable(kafka, cause);
  } finally {
    reader.close();
  }
}

/**
 * Sends a letter's message to its partition again, marked by a header, and waits until ClickHouse has taken it.
 * One that the tables of today would refuse again is not sent.
 * @param mended what to send in place of the letter's own bytes
 * @throws UserError (UNREACHABLE)
 */
export async function replay(
  target: ReplayTarget,
  letter: Letter,
  mended?: Buffer,
): Promise<Replayed> {
  const from = placeText(letter);
  const done = (outcome: Replayed["outcome"], detail: string, to?: string): Replayed => ({
    topic: letter.topic,
    from,
    to,
    outcome,
    detail,
  });
  const table = target.tableOf(letter.topic);
  const value = mended ?? (await bytesOf(target.kafka, letter));
  if (!value)
    return done(
      "no bytes",
      "its bytes are neither here nor in Kafka any more; give them by --file",
    );
  if (table !== undefined) {
    const { rows, errors } = await judge(target.ask, target.database, table, value);
    if (errors.length > 0 || rows === 0)
      return done("still bad", errors.join("; ") || "there is no row in it");
  }
  const { partition, offset } = await send(target.kafka, letter, value);
  await markReplayed(target.ask, letter);
  const to = `${partition}/${offset}`;
  const fate = table && (await fateOf(target.ask, table, letter.topic, partition, offset));
  if (fate === "refused") return done("refused", "ClickHouse refused it again", to);
  if (fate === "stored") return done("stored", "", to);
  return done("sent", `ClickHouse has not read it within ${WAIT_MS / 1000} s`, to);
}

async function send(
  kafka: KafkaAccess,
  letter: Letter,
  value: Buffer,
): Promise<{ partition: number; offset: number }> {
  const producer = quietKafka(kafka).producer({ idempotent: true, maxInFlightRequests: 1 });
  const headers = Object.fromEntries(letter.headers.map((header) => [header.name, header.value]));
  const mark = `${letter.topic}/${placeText(letter)}`;
  try {
    await producer.connect();
    const [sent] = await producer.send({
      topic: letter.topic,
      acks: -1,
      messages: [
        {
          partition: letter.partition,
          key: letter.key === "" ? null : letter.key,
          value,
          headers: { ...headers, [REPLAYED_HEADER]: mark },
        },
      ],
    });
    return { partition: letter.partition, offset: Number(sent?.baseOffset ?? -1) };
  } catch (cause) {
    throw unreachable(kafka, cause);
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}

async function fateOf(
  ask: Ask,
  table: string,
  topic: string,
  partition: number,
  offset: number,
): Promise<string | undefined> {
  for (const since = Date.now(); Date.now() - since < WAIT_MS;) {
    const [row] = await ask<{ fate: string }>(
      `SELECT fate FROM steam_ledger WHERE table = ${quoteString(table)} AND topic = ${quoteString(topic)} AND partition = ${partition}
       GROUP BY fate HAVING bitmapContains(groupBitmapMergeState(offsets), toUInt64(${offset})) ORDER BY fate = 'refused' DESC LIMIT 1`,
    );
    if (row) return row.fate;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return undefined;
}

function unreachable({ brokers }: KafkaAccess, cause: unknown): UserError {
  return new UserError("UNREACHABLE", `Kafka does not answer: ${reason(cause)}`, {
    where: `Kafka at ${brokers}`,
    fix: "npm run status tells whether the broker runs; what was not told as sent was not sent",
    cause,
  });
}
