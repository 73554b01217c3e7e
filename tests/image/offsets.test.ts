import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../infra/clickhouse/client";
import { note } from "../../infra/clickhouse/ledger";
import { parseGoal } from "../../infra/offsets/goal";
import { ConsumerGroup } from "../../infra/offsets/group";
import { pause, resume } from "../../infra/offsets/reader";
import { forecastReset, resetOnce, type ResetOnce } from "../../infra/offsets/once";
import { carryOut, planReset } from "../../infra/offsets/reset";
import { audit } from "../../tools/lib/audit/audit";
import { show } from "../../tools/lib/offsets/show";
import { readersOf, type StreamReader } from "../../tools/lib/offsets/target";
import { record } from "./bad-messages";
import { startStand, type Stand } from "./stand";
import { ask, groups, makeWarehouse, reaches, topics } from "./warehouse";

const stream = {
  topic: topics.topGames,
  group: groups.topGames,
  table: "steam_top_games",
  keyColumn: "game_id",
};
let stand: Stand;
let reader: StreamReader;
let id = 0;

beforeAll(async () => {
  stand = await startStand();
  await makeWarehouse(stand);
  const target = { kafka: { brokers: stand.brokers }, streams: [stream] };
  [reader] = readersOf(target) as [StreamReader];
  await send(0, [...good(100), "hello"]);
  await send(1, good(20));
  await stored(120);
});
afterAll(() => stand.close());
beforeEach(async () => {
  await withClient(stand.connection, (client) => resume(client, reader));
  await committed();
});

const good = (count: number) =>
  Array.from({ length: count }, () => JSON.stringify(record({ game_id: ++id })));

async function send(partition: number, values: string[]): Promise<void> {
  const producer = stand.kafka.producer();
  await producer.connect();
  const messages = values.map((value) => ({ partition, key: "k", value }));
  await producer.send({ topic: topics.topGames, messages });
  await producer.disconnect();
}

const stored = (rows: number) => reaches(stand, "SELECT count() FROM steam_top_games FINAL", rows);
const plan = (goal: string, partition?: number, of = reader) =>
  withClient(stand.connection, (client) => planReset(client, of, parseGoal(goal)!, partition));
const pausing = () => withClient(stand.connection, (client) => pause(client, reader));
const shown = () => withClient(stand.connection, (client) => show(client, reader));
/** A program that is not the stack's, in its group. */
async function otherReader() {
  const consumer = stand.kafka.consumer({ groupId: groups.topGames });
  await consumer.connect();
  await consumer.subscribe({ topic: topics.topGames });
  const joined = new Promise((resolve) => consumer.on("consumer.group_join", resolve));
  await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
  await joined;
  return consumer;
}

/** Waits until the group has committed everything. */
async function committed(): Promise<void> {
  while ((await shown()).partitions.some(({ lag }) => lag > 0))
    await new Promise((resolve) => setTimeout(resolve, 200));
}

describe("consumption", () => {
  it("that is shown tells who reads, and how far", async () => {
    expect(await shown()).toMatchObject({
      state: "Stable",
      paused: false,
      members: [{ clientId: expect.stringMatching(/-kafka_steam_top_games$/) as string }],
      partitions: [
        { partition: 0, low: 0, committed: 101, end: 101, lag: 0 },
        { partition: 1, committed: 20, lag: 0 },
        { partition: 2, lag: 0 },
      ],
    });
  });

  it("that is paused leaves its group empty at once, reads nothing, and resumes without a loss", async () => {
    expect(await pausing()).toBe(true);
    expect(await shown()).toMatchObject({ state: "Empty", paused: true, members: [] });
    expect(await pausing()).toBe(false);
    await send(2, good(10));
    expect((await shown()).partitions[2]).toMatchObject({ lag: 10 });
    expect(await withClient(stand.connection, (client) => resume(client, reader))).toBe(true);
    await stored(130);
    expect(await withClient(stand.connection, (client) => resume(client, reader))).toBe(false);
  });

  it("of a table that is not there cannot be resumed", async () => {
    const nowhere = { ...reader, kafkaTable: "kafka_nothing" };
    await expect(
      withClient(stand.connection, (client) => resume(client, nowhere)),
    ).rejects.toMatchObject({ code: "NOT_DEPLOYED" });
  });
});

describe("a reset", () => {
  it("is counted before it is done", async () => {
    const effects = await plan("earliest");
    expect(effects).toMatchObject([
      { partition: 0, target: 0, again: 101, stored: 100, refused: 1, skipped: 0 },
      { partition: 1, target: 0, again: 20, stored: 20, refused: 0 },
      { partition: 2, target: 0, again: 10, stored: 10 },
    ]);
  });

  it("of a running group is refused, and changes nothing", async () => {
    const before = await shown();
    const refused = carryOut(reader, await plan("earliest"));
    await expect(refused).rejects.toMatchObject({ code: "GROUP_RUNNING" });
    await expect(refused).rejects.toThrow(/is running: ClickHouse-.*kafka_steam_top_games on/);
    expect(await shown()).toEqual(before);
  });

  it("is refused while a program that is not the stack's reads in the group", async () => {
    await pausing();
    const consumer = await otherReader();
    const refused = carryOut(reader, await plan("earliest"));
    await expect(refused).rejects.toMatchObject({
      code: "GROUP_RUNNING",
      fix: expect.stringContaining("stop kafkajs") as string,
    });
    await consumer.disconnect();
  });

  it.each([
    ["5", 2, { code: "OK" }],
    ["102", 0, { code: "OUT_OF_RANGE" }],
    ["50", undefined, { code: "OUT_OF_RANGE" }],
    ["earliest", 3, { code: "OUT_OF_RANGE" }],
  ])("to %s of partition %s gives %j", async (goal, partition, outcome) => {
    const found = await plan(goal, partition).then(
      () => ({ code: "OK" }),
      (error: unknown) => error,
    );
    expect(found).toMatchObject(outcome);
  });

  it("of a topic that is not there is refused, naming those that are", async () => {
    const group = new ConsumerGroup({ brokers: stand.brokers }, "nowhere", groups.topGames);
    const refused = plan("earliest", undefined, { ...reader, group });
    await expect(refused).rejects.toMatchObject({
      code: "UNKNOWN_TOPIC",
      fix: expect.stringContaining("details, top") as string,
    });
  });

  it("where no broker answers says so", async () => {
    const group = new ConsumerGroup({ brokers: "127.0.0.1:1" }, topics.topGames, groups.topGames);
    const refused = plan("earliest", undefined, { ...reader, group });
    await expect(refused).rejects.toMatchObject({ code: "UNREACHABLE" });
  });

  it("to the first message reads everything again, and no row is there twice", async () => {
    await pausing();
    await carryOut(reader, await plan("earliest"));
    await withClient(stand.connection, (client) => resume(client, reader));
    await reaches(
      stand,
      "SELECT sum(num_messages_read) FROM system.kafka_consumers WHERE table = 'kafka_steam_top_games'",
      131,
    );
    await stored(130);
    await committed();
    const found = await audit({
      kafka: { brokers: stand.brokers },
      streams: [stream],
      ask: (sql) => ask(stand, sql),
      producerUrl: undefined,
      days: 7,
    });
    expect(found.complete).toBe(true);
    expect(found.streams[0]!.rows.repeatedRows).toBe(0);
  });

  it("to an offset of one partition, and to a time, goes on there", async () => {
    await pausing();
    await carryOut(reader, await plan("15", 1));
    expect((await shown()).partitions.map(({ lag }) => lag)).toEqual([0, 5, 0]);
    const since = new Date(Date.now() + 1).toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await send(0, good(3));
    await carryOut(reader, await plan("earliest"));
    await carryOut(reader, await plan(since));
    expect((await shown()).partitions.map(({ lag }) => lag)).toEqual([3, 0, 0]);
    await withClient(stand.connection, (client) => resume(client, reader));
    await stored(133);
  });

  it("to the end skips what was not read, and counts it", async () => {
    await pausing();
    await send(2, good(4));
    const effects = await plan("latest");
    expect(effects[2]).toMatchObject({ skipped: 4, again: 0 });
    await carryOut(reader, effects);
    await withClient(stand.connection, (client) => resume(client, reader));
    await send(2, good(1));
    await stored(134);
  });
});

describe("a reset that config declares", () => {
  const reset = (more: Partial<ResetOnce> = {}): ResetOnce => ({
    id: "again-1",
    topic: topics.topGames,
    group: groups.topGames,
    kafkaTable: reader.kafkaTable,
    goal: "earliest",
    kafka: { brokers: stand.brokers },
    ...more,
  });
  const once = (more?: Partial<ResetOnce>) =>
    withClient(stand.connection, (client) => resetOnce(client, reset(more)));
  const forecast = (more?: Partial<ResetOnce>) =>
    withClient(stand.connection, (client) => forecastReset(client, reset(more)));
  const messagesRead = () =>
    ask<{ n: string }>(
      stand,
      "SELECT sum(num_messages_read) AS n FROM system.kafka_consumers WHERE table = 'kafka_steam_top_games'",
    ).then(([row]) => Number(row!.n));

  it("is told with its counts, done, and never done again", async () => {
    const total = (await shown()).partitions.reduce((sum, { end }) => sum + end, 0);
    expect(await forecast()).toMatch(
      new RegExp(`again-1: top earliest: will read again ${total} messages; `),
    );
    await once();
    expect(await shown()).toMatchObject({ paused: false });
    while ((await messagesRead()) < total) await new Promise((resolve) => setTimeout(resolve, 100));
    await committed();
    const before = await shown();
    expect(await forecast()).toBeUndefined();
    await once();
    expect(await shown()).toEqual(before);
  });

  it("is refused where its id was used for another", async () => {
    await expect(once({ goal: "latest" })).rejects.toMatchObject({ code: "GOAL" });
    await expect(forecast({ goal: "latest" })).rejects.toThrow(/was done as "top earliest"/);
  });

  it("that was cut short sets the offsets that it had decided on", async () => {
    const decided = { as: "top/1 latest", targets: [{ partition: 1, target: 7 }] };
    await withClient(stand.connection, (client) =>
      note(client, "offsets again-2", "resetting", JSON.stringify(decided)),
    );
    await pausing();
    await once({ id: "again-2", goal: "latest", partition: 1 });
    expect(await shown()).toMatchObject({ paused: true, partitions: [{}, { committed: 7 }, {}] });
  });

  it("to an offset that is not there is refused before anything pauses", async () => {
    const before = await shown();
    const refused = once({ id: "again-3", goal: "100000" });
    await expect(refused).rejects.toMatchObject({ code: "OUT_OF_RANGE" });
    expect((await shown()).members).toEqual(before.members);
  });

  it("is refused while another program reads in the group, and consumption goes on", async () => {
    await pausing();
    const consumer = await otherReader();
    await withClient(stand.connection, (client) => resume(client, reader));
    await expect(once({ id: "again-4" })).rejects.toMatchObject({ code: "GROUP_RUNNING" });
    expect((await shown()).paused).toBe(false);
    await consumer.disconnect();
  });
});
