import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { unreadIn } from "../../tools/lib/status/unread";
import { startBroker } from "./broker";

const TOPIC = "marked";
const directory = mkdtempSync(join(tmpdir(), "steamline-unread-"));
let broker: Awaited<ReturnType<typeof startBroker>>;

beforeAll(async () => {
  broker = await startBroker(join(directory, "kafka"));
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic: TOPIC, numPartitions: 1 }],
    waitForLeaders: true,
  });
  await admin.disconnect();
  const producer = kafka.producer({
    transactionalId: "t",
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const send = async (values: string[], end: "commit" | "abort") => {
    const transaction = await producer.transaction();
    await transaction.send({ topic: TOPIC, messages: values.map((value) => ({ value })) });
    await transaction[end]();
  };
  await send(["a", "b"], "commit"); // offsets 0 and 1, mark at 2
  await send(["c"], "abort"); // offset 3, mark at 4
  await send(["d"], "commit"); // offset 5, mark at 6
  await producer.disconnect();
}, 60_000);
afterAll(async () => {
  await broker.close();
  rmSync(directory, { recursive: true, force: true });
});

it.each([
  {
    what: "nothing behind the last message, though its transaction's mark is there",
    at: 6,
    lag: 0,
  },
  { what: "the message before that mark", at: 5, lag: 1 },
  { what: "neither the aborted message nor the marks between", at: 2, lag: 1 },
  { what: "every message that was committed", at: 0, lag: 3 },
  { what: "all that is kept, where the group has confirmed nothing", at: -1, lag: 7 },
])("a group has still to read $what", async ({ at, lag }) => {
  const stretch = { partition: 0, committed: at, end: 7, messages: 7 };
  expect(await unreadIn({ brokers: broker.address }, TOPIC, [stretch])).toEqual([
    { partition: 0, lag },
  ]);
});
