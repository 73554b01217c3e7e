import type { TestContext } from "vitest";
import { KafkaOutlet, type KafkaOutletOptions } from "../../pipeline/delivery/kafka-outlet";
import { TransactionalOutlet } from "../../pipeline/delivery/transactional-outlet";
import type { PipelineError } from "../../pipeline/errors";
import type { DeliveryReport } from "../../pipeline/kafka/report";
import { createLog } from "../../pipeline/log";
import { expectWhole, startSimulator, temporaryDirectory, TestProducer } from "./producer-process";
import { TestBroker, type BrokerOptions } from "./producer-stand";

export const TIMEOUT_MS = 600_000;
export const TOPIC = "top";
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tests run side by side, so each has to say whose brokers and producers it starts. */
export type Context = Pick<TestContext, "onTestFinished" | "expect">;

export async function startBroker(
  { onTestFinished }: Context,
  options: BrokerOptions = {},
): Promise<TestBroker> {
  const broker = await TestBroker.start(options);
  onTestFinished(() => broker.close());
  await broker.createTopic(TOPIC);
  return broker;
}

export async function startProducer(
  { onTestFinished }: Context,
  broker: TestBroker,
  more: Record<string, string> = {},
) {
  const simulator = await startSimulator();
  const producer = TestProducer.start({
    SOURCES: "steam-top-games",
    STEAM_API_URL: simulator.url,
    STEAM_STORE_URL: simulator.url,
    KAFKA_BROKERS: broker.address,
    TOP_GAMES_TOPIC: TOPIC,
    POLL_INTERVAL_SECONDS: "1",
    SPOOL_DIR: temporaryDirectory(),
    ...more,
  });
  onTestFinished(async () => {
    await producer.end("SIGKILL");
    simulator.close();
  });
  return producer;
}

/** Waits for a delivery that begins now, ends the producer, and checks the topic against the producers' logs. */
export async function settle(
  context: Context,
  broker: TestBroker,
  ...producers: [TestProducer, ...TestProducer[]]
): Promise<void> {
  const last = producers.at(-1) ?? producers[0];
  await last.untilFresh();
  context.expect(await last.end("SIGTERM")).toBe(0);
  // A machine that is busy may leave something to the next one even now.
  if (Number((await last.until("stopped"))["recordsQueued"]) > 0) {
    // A second later, as each poll carries a time in whole seconds.
    await sleep(1_000);
    const next = last.successor();
    context.onTestFinished(() => void next.end("SIGKILL"));
    return settle(context, broker, ...producers, next);
  }
  expectWhole(context, await broker.read(TOPIC), producers);
}

export async function openOutlet(
  { onTestFinished }: Context,
  broker: TestBroker,
  { transactionalId, ...more }: { batchBytes?: number; transactionalId?: string } = {},
) {
  const troubles: PipelineError[] = [];
  const options: KafkaOutletOptions = {
    cluster: { brokers: [broker.address], clientId: "test", requestTimeoutMs: 5_000 },
    compression: "none",
    maxInFlight: 5,
    ...more,
    onTrouble: (error) => troubles.push(error),
  };
  const log = createLog("silent", "json");
  const outlet = await (transactionalId === undefined
    ? KafkaOutlet.create(TOPIC, options, log)
    : TransactionalOutlet.begin(TOPIC, transactionalId, options, log));
  onTestFinished(() => outlet.close());
  await untilOpen(outlet);
  return { outlet, troubles };
}

/** Opens an outlet, for as long as a broker that has just started takes to give identities out. */
export async function untilOpen(outlet: KafkaOutlet): Promise<void> {
  for (let left = 20; ; left--) {
    const partitions = await outlet.open().catch((error: unknown) => {
      if (left === 0) throw error;
    });
    if (partitions !== undefined) return;
    await sleep(500);
  }
}

export function messages(count: number, sizeOf: (index: number) => number = () => 100) {
  return Array.from({ length: count }, (_, index) => ({
    partition: index % 3,
    key: String(index % 30),
    value: JSON.stringify({ n: index, padding: "x".repeat(sizeOf(index)) }),
    records: 1,
  }));
}

/** Each message once, and those of a partition in the order in which they were sent. */
export async function expectInOrder(
  { expect }: Context,
  broker: TestBroker,
  sent: readonly { partition: number; value: string }[],
) {
  const records = await broker.read(TOPIC);
  for (const partition of [0, 1, 2])
    expect(records.filter((r) => r.partition === partition).map(({ value }) => value)).toEqual(
      sent.filter((message) => message.partition === partition).map(({ value }) => value),
    );
}

export function sum(reports: readonly DeliveryReport[]): number {
  return reports.reduce((total, { records }) => total + records, 0);
}
