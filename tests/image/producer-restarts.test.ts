import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  disorderIn,
  expectWhole,
  startSimulator,
  temporaryDirectory,
  TestProducer,
} from "./producer-process";
import { TestBroker } from "./producer-stand";

const START_TIMEOUT_MS = 900_000;

let broker: TestBroker;
let simulator: { url: string; close(): void };
beforeAll(async () => {
  [broker, simulator] = await Promise.all([TestBroker.start(), startSimulator()]);
}, START_TIMEOUT_MS);
afterAll(async () => {
  simulator.close();
  await broker.close();
});

let topics = 0;

async function environmentWith(more: Record<string, string> = {}) {
  const topic = `top-${++topics}`;
  await broker.createTopic(topic);
  return {
    SOURCES: "steam-top-games",
    STEAM_API_URL: simulator.url,
    STEAM_STORE_URL: simulator.url,
    KAFKA_BROKERS: broker.address,
    TOP_GAMES_TOPIC: topic,
    POLL_INTERVAL_SECONDS: "1",
    SPOOL_DIR: temporaryDirectory(),
    ...more,
  };
}

function start(environment: Record<string, string>): TestProducer {
  const producer = TestProducer.start(environment);
  onTestFinished(() => void producer.end("SIGKILL"));
  return producer;
}

describe("a producer", () => {
  it("that is told to stop delivers what it has and ends with 0, well within ten seconds", async () => {
    const environment = await environmentWith();
    const producer = start(environment);
    await producer.until("delivered");
    const since = Date.now();
    expect(await producer.end("SIGTERM")).toBe(0);
    expect(Date.now() - since).toBeLessThan(5_000);
    const records = await broker.read(environment.TOP_GAMES_TOPIC);
    expect(records).toHaveLength(producer.delivered);
    expect(readdirSync(environment.SPOOL_DIR).filter((name) => name !== "lock")).toEqual([]);
  });

  it("that is killed at any moment, and started again, has sent each record once", async () => {
    const environment = await environmentWith();
    for (let kills = 0; kills < 8; kills++) {
      const producer = start(environment);
      await producer.until("started");
      // From before the first poll to the middle of a delivery and beyond.
      await new Promise((resolve) => setTimeout(resolve, kills * 45));
      await producer.end("SIGKILL");
      // A second later, as each poll carries a time in whole seconds.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    const last = start(environment);
    await last.until("delivered");
    expect(await last.end("SIGTERM")).toBe(0);
    expectWhole({ expect }, await broker.read(environment.TOP_GAMES_TOPIC), [last]);
  });

  it.each(["SIGTERM", "SIGKILL"] as const)(
    "that gets %s while the broker hangs with a batch on its way leaves that to the next one",
    async (signal) => {
      const environment = await environmentWith();
      const first = start(environment);
      await first.until("delivered");
      await broker.halt("pause");
      try {
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        const since = Date.now();
        expect(await first.end(signal)).toBe(signal === "SIGTERM" ? 0 : null);
        expect(Date.now() - since).toBeLessThan(10_000);
      } finally {
        await broker.resume("unpause");
      }
      if (signal === "SIGTERM")
        expect(Number((await first.until("stopped"))["recordsQueued"])).toBeGreaterThan(0);
      // A second later, as each poll carries a time in whole seconds.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const next = start(environment);
      expect(Number((await next.until("started"))["left"])).toBeGreaterThan(0);
      await next.untilFresh();
      expect(await next.end("SIGTERM")).toBe(0);
      expectWhole({ expect }, await broker.read(environment.TOP_GAMES_TOPIC), [first, next]);
    },
  );

  it("that is stopped while the broker is away leaves its snapshots to the next one", async () => {
    const environment = await environmentWith();
    const away = start({ ...environment, KAFKA_BROKERS: "127.0.0.1:1" });
    await away.until("waiting for Kafka: Kafka cannot be reached");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await away.end("SIGTERM")).toBe(0);
    const stopped = await away.until("stopped");
    expect(Number(stopped["recordsQueued"])).toBeGreaterThanOrEqual(300);

    const back = start(environment);
    expect((await back.until("started"))["left"]).toBe(Number(stopped["recordsQueued"]) / 100);
    await back.until("delivered");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await back.end("SIGTERM");
    const records = await broker.read(environment.TOP_GAMES_TOPIC);
    expect(records.length).toBeGreaterThan(Number(stopped["recordsQueued"]));
    expect(disorderIn(records)).toEqual([]);
  });

  it("beside another: the second is refused the spool in use, and told so in one line", async () => {
    const environment = await environmentWith();
    const first = start(environment);
    await first.until("delivered");
    const second = TestProducer.start({ ...environment, LOG_LEVEL: "error" });
    await expect.poll(() => second.exitCode, { timeout: 10_000 }).toBe(1);
    await first.until("delivered", { from: first.lines.length });
    await first.end("SIGTERM");
    expect(disorderIn(await broker.read(environment.TOP_GAMES_TOPIC))).toEqual([]);
  });

  it("beside another with a spool of its own: each sends its own records once", async () => {
    const environment = await environmentWith();
    const both = [start(environment), start({ ...environment, SPOOL_DIR: temporaryDirectory() })];
    await Promise.all(both.map((producer) => producer.until("delivered")));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await Promise.all(both.map((producer) => producer.end("SIGTERM")));
    const records = await broker.read(environment.TOP_GAMES_TOPIC);
    expect(records).toHaveLength(both.reduce((sum, producer) => sum + producer.delivered, 0));
  });

  it("beside another with its transactional id ends, and says so; what it had committed stays", async () => {
    const environment = await environmentWith({ TRANSACTIONAL_ID: "one" });
    const first = start(environment);
    await first.until("delivered");
    const second = start({ ...environment, SPOOL_DIR: temporaryDirectory() });
    await second.until("delivered");
    await first.until("another producer has taken over the transactional id one");
    await expect.poll(() => first.exitCode, { timeout: 15_000 }).toBe(1);
    await second.until("delivered", { from: second.lines.length });
    expect(await second.end("SIGTERM")).toBe(0);
    const records = await broker.read(environment.TOP_GAMES_TOPIC);
    expect(records).toHaveLength(first.delivered + second.delivered);
  });

  it("without a spool that it can write to goes on from memory, and says so", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "in the way");
    const environment = await environmentWith({ SPOOL_DIR: file });
    const producer = start(environment);
    await producer.until(`the spool ${file} cannot be written to`);
    await producer.until("delivered");
    await producer.end("SIGTERM");
    expect(disorderIn(await broker.read(environment.TOP_GAMES_TOPIC))).toEqual([]);
  });

  it("puts a broken file of its spool aside, says so, and delivers the others", async () => {
    const environment = await environmentWith();
    const away = start({ ...environment, KAFKA_BROKERS: "127.0.0.1:1" });
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    await away.end("SIGTERM");
    const [first = ""] = readdirSync(environment.SPOOL_DIR).filter((n) => n.endsWith(".snapshot"));
    writeFileSync(join(environment.SPOOL_DIR, first), "half a snapsh");
    const back = start(environment);
    await back.until(`${first} is not as it was written, and is put aside`);
    await back.until("delivered");
    await back.end("SIGTERM");
    expect(readdirSync(environment.SPOOL_DIR)).toContain(`${first}.corrupt`);
    expect(disorderIn(await broker.read(environment.TOP_GAMES_TOPIC))).toEqual([]);
  });
});
