import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audit, type Audit } from "../../tools/lib/audit/audit";
import { endOffsets } from "../../tools/lib/audit/broker";
import { deliveredAgain } from "../../tools/lib/audit/ledger";
import type { AuditTarget } from "../../tools/lib/audit/target";
import { record } from "./bad-messages";
import { startStand, type Stand } from "./stand";
import { ask, groups, makeWarehouse, reaches, readAgain, topics } from "./warehouse";

let stand: Stand;
let target: AuditTarget;
let id = 0;

const stream = {
  topic: topics.topGames,
  group: groups.topGames,
  table: "steam_top_games",
  keyColumn: "game_id",
};

beforeAll(async () => {
  stand = await startStand();
  await makeWarehouse(stand);
  target = {
    kafka: { brokers: stand.brokers },
    streams: [stream],
    ask: (sql) => ask(stand, sql),
    producerUrl: undefined,
    days: 7,
  };
});
afterAll(() => stand.close());

const good = () => JSON.stringify(record({ game_id: ++id }));

/** Sends values to a partition; in a transaction that is committed or aborted, where that is said. */
async function send(
  partition: number,
  values: (string | null)[],
  transaction?: "commit" | "abort",
): Promise<void> {
  const messages = values.map((value) => ({ partition, key: "k", value }));
  if (!transaction) {
    const producer = stand.kafka.producer();
    await producer.connect();
    await producer.send({ topic: topics.topGames, messages });
    return producer.disconnect();
  }
  const producer = stand.kafka.producer({
    transactionalId: `t${++id}`,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const before = await end(partition);
  const begun = await producer.transaction();
  await begun.send({ topic: topics.topGames, messages });
  await begun[transaction]();
  await producer.disconnect();
  // The broker answers before it has written the control record, and a message may come between.
  while ((await end(partition)) <= before + messages.length)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

async function end(partition: number): Promise<number> {
  return (await endOffsets({ brokers: stand.brokers }, topics.topGames)).get(partition)!;
}

/** Audits once everything that was sent has been committed. */
async function settledAudit(): Promise<Audit> {
  for (;;) {
    const found = await audit(target);
    const waiting = found.streams[0]!.partitions.reduce((sum, one) => sum + one.waiting, 0);
    if (waiting === 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
const partitionOf = (found: Audit, partition: number) => found.streams[0]!.partitions[partition]!;

describe("an audit", () => {
  it("of an empty topic is complete", async () => {
    expect(await audit(target)).toMatchObject({ complete: true });
  });

  it("counts what is stored and refused, and is complete", async () => {
    await send(0, [good(), "hello", good(), "{}", good()]);
    const found = await settledAudit();
    expect(found.complete).toBe(true);
    expect(partitionOf(found, 0)).toMatchObject({
      fates: { stored: 3, refused: 2 },
      lost: [],
      holes: [],
    });
    expect(found.streams[0]!.rows).toMatchObject({ keys: 3, rows: 3, missingRows: 0 });
  });

  it("reads holes back from Kafka and tells what is there, once", async () => {
    await send(1, [good(), null, "", " \n", good()]);
    await send(1, [good(), good()], "commit");
    await send(1, [good()], "abort");
    await send(1, [good()]);
    const found = await settledAudit();
    expect(found.complete).toBe(true);
    expect(partitionOf(found, 1).fates).toEqual({
      stored: 5,
      "null value": 1,
      empty: 2,
      "control record": 2,
      aborted: 1,
    });
    expect(partitionOf(await audit(target), 1).holes).toEqual([]);
  });

  it("tells what Kafka let go before it was read from what was lost", async () => {
    await send(2, [good()]);
    await settledAudit();
    await ask(stand, "DETACH TABLE kafka_steam_top_games");
    await send(2, [good(), good(), good()]);
    const admin = stand.kafka.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topics.topGames);
    await admin.deleteTopicRecords({
      topic: topics.topGames,
      partitions: [{ partition: 2, offset: "3" }],
    });
    await admin.disconnect();
    await ask(stand, "ATTACH TABLE kafka_steam_top_games");
    await reaches(stand, `SELECT count() FROM steam_top_games FINAL WHERE game_id = ${id}`, 1);
    const found = await settledAudit();
    expect(found.complete).toBe(true);
    expect(partitionOf(found, 2).fates).toEqual({ stored: 2, expired: 2 });
  });
});

describe("an audit finds", () => {
  it("messages that no view stored, by partition and offset, and keeps saying so", async () => {
    const at = partitionOf(await settledAudit(), 0).end;
    const views = ["mv", "ledger_mv", "ledger_keys_mv"].map((name) => `steam_top_games_${name}`);
    for (const view of views) await ask(stand, `DETACH TABLE ${view}`);
    await roundOfReading();
    await send(0, [good()]);
    expect(partitionOf(await settledAudit(), 0).lost).toEqual([{ first: at, last: at }]);
    await send(0, [good()]);
    expect(partitionOf(await settledAudit(), 0).lost).toEqual([{ first: at, last: at + 1 }]);
    for (const view of views) await ask(stand, `ATTACH TABLE ${view}`);
    await roundOfReading();
    await send(0, [good()]);
    for (let round = 0; round < 2; round++) {
      const found = await settledAudit();
      expect(found.complete).toBe(false);
      expect(partitionOf(found, 0).lost).toEqual([{ first: at, last: at + 1 }]);
    }
  });

  it("that they have come after all, and which messages were delivered twice, without a row twice", async () => {
    const { lost, end, again } = partitionOf(await audit(target), 0);
    expect(again).toBeUndefined();
    await readAgain(stand);
    await reaches(
      stand,
      `SELECT count() FROM steam_top_games FINAL WHERE game_id IN (${id - 1}, ${id - 2})`,
      2,
    );
    await reaches(
      stand,
      "SELECT bitmapCardinality(groupBitmapMergeState(again)) FROM steam_ledger WHERE partition = 0",
      end - 2,
    );
    const found = await settledAudit();
    expect(found.complete).toBe(true);
    expect(lost).toHaveLength(1);
    expect(partitionOf(found, 0)).toMatchObject({
      lost: [],
      again: { first: 0, last: end - 1, count: end - 2 },
    });
    const [first] = lost;
    expect(await deliveredAgain(target.ask, stream, 0)).toEqual([
      { first: 0, last: first!.first - 1 },
      { first: first!.last + 1, last: end - 1 },
    ]);
    const { rows } = found.streams[0]!;
    expect(rows).toMatchObject({ repeatedRows: 0, rows: rows.keys });
  });

  it("a row that was removed by hand, by key and time", async () => {
    await ask(
      stand,
      `ALTER TABLE steam_top_games DELETE WHERE game_id = ${id} SETTINGS mutations_sync = 1`,
    );
    const found = await audit(target);
    expect(found.complete).toBe(false);
    expect(found.streams[0]!.rows).toMatchObject({ missingRows: 1, missing: [{ key: id }] });
    await ask(
      stand,
      `ALTER TABLE steam_ledger_keys DELETE WHERE key = ${id} SETTINGS mutations_sync = 1`,
    );
  });

  it("a dead letter that was removed by hand, by partition and offset", async () => {
    await ask(
      stand,
      "ALTER TABLE steam_dead_letters DELETE WHERE offset = 3 SETTINGS mutations_sync = 1",
    );
    const found = await audit(target);
    expect(found.complete).toBe(false);
    expect(partitionOf(found, 0).lostLetters).toEqual([{ first: 3, last: 3 }]);
  });
});

/** Lets a round of reading end: it keeps the views that it began with. */
async function roundOfReading(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}
