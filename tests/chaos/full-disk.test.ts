import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { brokerEnvironment } from "../../infra/broker-environment";
import { createProgress } from "../../tools/lib/progress";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";
import { freePort } from "../image/stand";
import { ChaosContainer } from "./container";
import { canCutPower, poweredDisk } from "./disk";
import { patiently } from "./patience";

const TOPIC = "kept";
const RECORDS = 1_000;
const DISK_MB = 512;
/** A start takes less, and tries again after each failure. */
const TRYING_MS = 8_000;

// On a disk in memory the broker's maps of files fail first, before anything is deleted.
const isPossible = await canCutPower();
let directory: string;
let broker: ChaosContainer;
let kafka: Kafka;

beforeAll(async () => {
  if (!isPossible) return;
  directory = mkdtempSync(join(tmpdir(), "steamline-full-"));
  const progress = createProgress();
  const { kafkaImage } = await ensureImages(progress, "local", await ensureDocker(progress));
  const port = await freePort();
  kafka = new Kafka({ brokers: [`localhost:${port}`], logLevel: logLevel.NOTHING });
  broker = await ChaosContainer.create({
    image: kafkaImage,
    networks: [],
    ports: [`${port}:${port}`],
    environment: brokerEnvironment({ port, memoryMb: 1_024 }),
    dataDirectory: "/var/lib/kafka/data",
    disk: await poweredDisk(join(directory, "kafka"), 1000, DISK_MB),
  });
  await broker.start();
});
afterAll(async () => {
  if (!isPossible) return;
  await broker.remove();
  rmSync(directory, { recursive: true });
});

/** What each partition of the topic holds, once the broker answers. */
function held() {
  return patiently(async () => {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return (await admin.fetchTopicOffsets(TOPIC)).map(({ low, high }) => ({ low, high }));
    } finally {
      await admin.disconnect();
    }
  }, 60_000);
}

it.skipIf(!isPossible)(
  "a broker that is started on a full disk keeps its topics and every record",
  async () => {
    const admin = kafka.admin();
    await patiently(() => admin.connect());
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }] });
    await admin.disconnect();
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: RECORDS }, (_, id) => ({ value: `record ${id}` }));
    await producer.send({ topic: TOPIC, acks: -1, messages });
    await producer.disconnect();
    const before = [{ low: "0", high: String(RECORDS) }];
    expect(await held()).toEqual(before);
    // From then on the indexes have their blocks, and what recovery writes beside them is what fails.
    await broker.kill();
    await sleep(500);
    expect(await held()).toEqual(before);

    await broker.end();
    await broker.fillDisk();
    await broker.start();
    await sleep(TRYING_MS);
    expect(await broker.log()).toMatch(/kafka: 0 MB are free in .*\. Make room on that disk/);
    await broker.freeDisk();
    expect(await held()).toEqual(before);
  },
);
