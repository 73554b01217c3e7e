import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Door } from "./door";

const door = new Door();
beforeAll(async () => {
  await door.start();
  await door.ask("CREATE TABLE kept (id UInt64) ENGINE = MergeTree ORDER BY id");
});
afterAll(() => door.remove());

it("loses no acknowledged row when killed", async () => {
  let acknowledged = 0;
  for (let round = 0; round < 3; round++) {
    let stop = false;
    const insert = async () => {
      while (!stop) {
        const ok = await door.post(`INSERT INTO kept SELECT number FROM numbers(10)`).then(
          (response) => response.ok,
          () => false,
        );
        if (ok) acknowledged += 10;
      }
    };
    const writers = [insert(), insert(), insert()];
    await new Promise((resolve) => setTimeout(resolve, 700));
    await door.end("SIGKILL");
    stop = true;
    await Promise.all(writers);
    await door.start();
    const rows = Number(await door.ask("SELECT count() FROM kept"));
    expect(rows).toBeGreaterThanOrEqual(acknowledged);
    // At most what each writer had under way.
    expect(rows).toBeLessThanOrEqual(acknowledged + 30 * (round + 1));
  }
  expect(acknowledged).toBeGreaterThan(0);
});

it("finishes what runs when asked to stop, and then ends well", async () => {
  const slow = door.ask("SELECT sum(sleepEachRow(1)) FROM numbers(2)");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const ended = door.end("SIGTERM");
  expect(await slow).toBe("0");
  const { code, ms } = await ended;
  expect(code).toBe(0);
  expect(ms).toBeLessThan(5_000);
  await door.start();
});

it("stops what runs too long, within the time Docker gives", async () => {
  const endless = door.ask("SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(number)");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { ms } = await door.end("SIGTERM");
  expect(ms).toBeLessThan(9_000);
  expect(await endless.catch(() => "Code: cut off")).toMatch(/^Code: (394|cut off)/);
  await door.start();
});

it("refuses a directory that another has open", async () => {
  const second = new Door();
  rmSync(second.dir, { recursive: true });
  Object.assign(second, { dir: door.dir });
  await expect(second.start()).rejects.toThrow(/did not open[\s\S]*(Code: 76|open)/);
});

it("starts Kafka tables when it opens, asked or not", async () => {
  await door.ask("CREATE TABLE target (x UInt8) ENGINE = MergeTree ORDER BY x");
  await door.ask("CREATE TABLE queue (x UInt8) ENGINE = Kafka SETTINGS kafka_broker_list = '127.0.0.1:1', kafka_topic_list = 't', kafka_group_name = 'g', kafka_format = 'JSONEachRow'"); // prettier-ignore
  await door.ask("CREATE MATERIALIZED VIEW filler TO target AS SELECT x FROM queue");
  const { ms } = await door.end("SIGTERM");
  expect(ms).toBeLessThan(9_000);
  await door.start();
  const consumers = () => door.ask("SELECT count() FROM system.kafka_consumers");
  await expect.poll(consumers, { timeout: 10_000 }).toBe("1");
  await expect
    .poll(
      () => door.ask("SELECT count() > 0 FROM system.text_log WHERE logger_name LIKE '%Kafka%'"),
      { timeout: 10_000 },
    ) // prettier-ignore
    .toBe("1");
});

it("streams in and out without holding all of it", async () => {
  await door.ask("CREATE TABLE big (line String) ENGINE = Null");
  const megabyte = Buffer.from(`${"x".repeat(99)}\n`.repeat(10_000));
  const megabytes = 1_000;
  // Memory of its own: pages of files that it maps are the system's.
  const ownKb = () =>
    Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${door.pid}/status`, "utf8"))?.[1]);
  let peakKb = 0;
  const sampling = setInterval(() => (peakKb = Math.max(peakKb, ownKb())), 20);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ < megabytes) controller.enqueue(megabyte);
      else controller.close();
    },
  });
  const init = { duplex: "half" } as RequestInit;
  const response = await door.post(body, { query: "INSERT INTO big FORMAT LineAsString" }, init);
  expect(await response.text()).toBe("");
  const answer = await door.post("SELECT repeat('x', 99) FROM numbers(10000000)");
  let received = 0;
  for await (const chunk of answer.body ?? []) received += (chunk as Uint8Array).length;
  clearInterval(sampling);
  expect(received).toBe(1_000_000_000);
  expect(peakKb).toBeGreaterThan(0);
  expect(peakKb).toBeLessThan(800_000);
  expect(statSync(join(door.dir, "run", "clickhouse.log")).size).toBeLessThan(25_000_000);
});
