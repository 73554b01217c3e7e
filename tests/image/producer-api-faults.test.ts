import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outletFactory } from "../../pipeline/delivery/outlets";
import { createLog } from "../../pipeline/log";
import { readOptions } from "../../pipeline/options";
import { runProducer } from "../../pipeline/producer";
import { FAULTS, type Fault } from "../../pipeline/simulator/faults";
import { disorderIn, startSimulator } from "./producer-process";
import { TestBroker } from "./producer-stand";

const START_TIMEOUT_MS = 900_000;
const RANKING = "/ISteamChartsService/GetGamesByConcurrentPlayers/v1/";

let broker: TestBroker;
beforeAll(async () => {
  broker = await TestBroker.start();
}, START_TIMEOUT_MS);
afterAll(() => broker.close());

/** Polls the ranking once, where the first `times` answers have a fault, and reads what reached the topic. */
async function pollWith(fault: Fault, times: number, now?: () => Date) {
  const topic = `top-${fault}-${times}-${Math.random().toString(36).slice(2)}`;
  await broker.createTopic(topic);
  let asked = 0;
  const simulator = await startSimulator({
    ...(now ? { now } : {}),
    fault: (_, path) => (path === RANKING && asked++ < times ? fault : undefined),
  });
  const setup = readOptions({
    SOURCES: "steam-top-games",
    STEAM_API_URL: simulator.url,
    STEAM_STORE_URL: simulator.url,
    KAFKA_BROKERS: broker.address,
    TOP_GAMES_TOPIC: topic,
    HTTP_TIMEOUT_MS: "500",
  });
  const lines: Record<string, unknown>[] = [];
  const log = createLog("info", "json", (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  });
  const outletOf = outletFactory(setup.options.kafka, log);
  const isFine = await runProducer(
    { ...setup, outletOf, log, once: true },
    new AbortController().signal,
  );
  simulator.close();
  const records = await broker.read(topic);
  expect(disorderIn(records)).toEqual([]);
  const told = lines.filter(({ level }) => Number(level) > 30).map(({ msg }) => String(msg));
  return { isFine, records, told };
}

/** Faults that another try gets past. */
const passing: Fault[] = [
  "timeout",
  "reset",
  "error",
  "rate-limit",
  "rate-limit-with-delay",
  "truncated",
  "truncated-gzip",
  "html",
  "empty",
  "unsuccessful",
];

/** What a log says, in one line, of faults that stay. */
const lasting: [Fault, RegExp][] = [
  ["timeout", /^poll failed: ranking: .* did not answer in time$/],
  ["reset", /^poll failed: ranking: .* cannot be reached \(.*\)$/],
  ["error", /^poll failed: ranking: HTTP 500 from /],
  ["truncated", /^poll failed: ranking: .* did not answer with whole JSON/],
  ["truncated-gzip", /^poll failed: ranking: .* gzip that is broken after 100 bytes/],
  ["html", /^poll failed: ranking: .* characters that start "<!DOCTYPE html>/],
  ["empty", /^poll failed: ranking: response\.ranks: /],
  ["unsuccessful", /^poll failed: ranking: response\.ranks: /],
];

/** Faults of one line: how many records there are all the same, and what is said. */
const partial: [Fault, number, RegExp | undefined][] = [
  ["wrong-types", 99, /response\.ranks\[1\]\.concurrent_in_game: expected number/],
  ["duplicates", 99, /response\.ranks\[1\]: app 730 is there twice/],
  ["new-field", 100, undefined],
  ["nameless", 100, undefined],
];

describe("a fault of the API", () => {
  it.each(passing)("%s, once: all records are in the topic, each once", async (fault) => {
    const { isFine, records } = await pollWith(fault, 1);
    expect(isFine).toBe(true);
    expect(records).toHaveLength(100);
  });

  it.each(lasting)("%s, each time: nothing is sent, and one line says why", async (fault, line) => {
    const { isFine, records, told } = await pollWith(fault, 1000);
    expect(isFine).toBe(false);
    expect(records).toHaveLength(0);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(line);
  });

  it.each(partial)("%s: what the answer holds is used", async (fault, count, line) => {
    const { isFine, records, told } = await pollWith(fault, 1000);
    expect(isFine).toBe(true);
    expect(records).toHaveLength(count);
    expect(told).toHaveLength(line ? 1 : 0);
    if (line) expect(told[0]).toMatch(line);
  });

  it("clock skew: records carry this machine's time, whatever Steam's says", async () => {
    const startedAt = Math.floor(Date.now() / 1000) * 1000;
    const { records } = await pollWith("new-field", 0, () => new Date("2001-01-01T00:00:00Z"));
    const { fetch_time: time } = JSON.parse(records[0]!.value) as { fetch_time: string };
    expect(Date.parse(`${time}Z`)).toBeGreaterThanOrEqual(startedAt);
    expect(Date.parse(`${time}Z`)).toBeLessThanOrEqual(Date.now());
  });

  it("has a test here, whichever it is", () => {
    const tested = [...passing, ...lasting.map(([fault]) => fault), ...partial.map(([f]) => f)];
    expect([...new Set(tested)].sort()).toEqual([...FAULTS].sort());
  });
});
