import { describe, expect, it } from "vitest";
import { evaluate } from "../../../../../tools/lib/status/evaluate";
import type { Hop } from "../../../../../tools/lib/status/hop";
import type { Observations, Stream } from "../../../../../tools/lib/status/observation";
import {
  ago,
  kafkaTable,
  observations,
  producerStatus,
  seen,
  stream,
  unseen,
} from "./observations";

const hop = (name: string, observed: Observations): Hop => {
  const found = evaluate(observed).hops.find((candidate) => candidate.name.startsWith(name));
  if (!found) throw new Error(`no hop ${name}`);
  return found;
};
const withState = (part: string, state: string, more: Partial<Observations> = {}) =>
  observations({ containers: seen({ [part]: state }), ...more });
const withProducer = (more: Partial<typeof producerStatus> | Record<string, unknown>) =>
  observations({ producer: seen({ ...producerStatus, ...more }) });
const withStream = (more: Partial<Stream>, others: Partial<Observations> = {}) =>
  observations({ streams: [stream(more)], ...others });

describe("a stack in which all is well", () => {
  it("is healthy hop by hop, in the order in which a record passes", () => {
    const status = evaluate(observations());
    expect(status).toMatchObject({ stack: "dev", healthy: true });
    expect(status.hops.map(({ name }) => name)).toEqual([
      "source (simulated)",
      "producer",
      "topic steam_top_games_topic",
      "group clickhouse_steam_top_games_consumer",
      "Kafka table kafka_steam_top_games",
      "view steam_top_games_mv",
      "table steam_top_games",
      "table steam_hourly_stats",
      "Grafana",
    ]);
    expect(status.hops.filter((each) => !each.healthy || each.fix !== undefined)).toEqual([]);
  });

  it("tells figures in words and as fields", () => {
    expect(hop("topic", observations())).toMatchObject({
      detail: "3 partitions, end offsets 400 + 400 + 400 = 1,200",
      endOffset: 1200,
    });
    expect(hop("group", observations())).toMatchObject({
      detail: "Stable, 1 member, lag 0 + 0 + 0 = 0",
      lag: 0,
      members: 1,
    });
    expect(hop("table steam_top", observations())).toMatchObject({
      detail: "1,200 rows, newest 18 s old",
      rows: 1200,
      newestRowAgeSeconds: 18,
    });
    expect(hop("Grafana", observations())).toMatchObject({ present: false });
  });

  it("takes a Grafana that answers for present", () => {
    const grafana = { url: "http://localhost:3000", note: "", version: seen("12.0.1") };
    const observed = withState("grafana", "running", { grafana });
    expect(hop("Grafana", observed)).toMatchObject({ healthy: true, detail: "version 12.0.1" });
  });
});

const logs = (name: string) => `docker logs ${name}`;
const up = "npm run up -- --stack dev";
const refresh = "npm run up -- --refresh --stack dev";

/** What is wrong, the hop that tells of it, and what it says to do. */
const faults: [string, Observations, string, RegExp, string][] = [
  ["the simulator gone", withState("simulator", "absent"), "source", /is absent/, up],
  [
    "a poll that failed",
    withProducer({ lastPollError: "HTTP 503" }),
    "source",
    /last poll failed: HTTP 503/,
    logs("steam-simulator"),
  ],
  [
    "Steam out of reach",
    { ...withProducer({ lastPollError: "ENOTFOUND" }), source: "steam" },
    "source (steam)",
    /ENOTFOUND/,
    "check that this machine reaches Steam",
  ],
  ["no poll yet", withProducer({ lastPollAt: null }), "source", /not polled yet/, "wait a moment"],
  [
    "no poll for long",
    withProducer({ lastPollAt: ago(600) }),
    "source",
    /answered 10 min 00 s ago/,
    logs("steam-producer"),
  ],
  ["the producer stopped", withState("producer", "exited"), "producer", /is exited/, up],
  [
    "the producer unhealthy",
    withState("producer", "running (unhealthy)"),
    "producer",
    /unhealthy/,
    logs("steam-producer"),
  ],
  [
    "no status page",
    observations({ producer: unseen("ECONNREFUSED") }),
    "producer",
    /ECONNREFUSED/,
    logs("steam-producer"),
  ],
  [
    "nothing delivered",
    withProducer({ lastDeliveredAt: null, recordsFailed: 7, recordsDropped: 1300 }),
    "producer",
    /7 failed, 1,?300 dropped; nothing delivered yet/,
    logs("steam-producer"),
  ],
  [
    "nothing delivered for long",
    withProducer({ lastDeliveredAt: ago(600) }),
    "producer",
    /last delivered 10 min 00 s ago/,
    logs("steam-producer"),
  ],
  ["the broker gone", withState("kafka", "absent"), "topic", /is absent/, up],
  [
    "a broker that does not answer",
    withStream({ offsets: unseen("no answer within 8 s") }),
    "topic",
    /no answer within 8 s/,
    logs("kafka"),
  ],
  [
    "an empty topic",
    withStream({ offsets: seen([{ partition: 0, end: 0, messages: 0 }]) }),
    "topic",
    /1 partitions, end offsets 0 = 0/,
    "nothing has been sent yet: look at the producer",
  ],
  [
    "a group nobody can tell of",
    withStream({ consumers: unseen("ECONNRESET") }),
    "group",
    /ECONNRESET/,
    logs("kafka"),
  ],
  [
    "a group without consumers",
    withStream({ consumers: seen({ state: "Empty", members: 0, lag: [] }) }),
    "group",
    /Empty, 0 members/,
    "no consumer: look at the Kafka table and its view",
  ],
  [
    "a group far behind",
    withStream({
      consumers: seen({ state: "Stable", members: 2, lag: [{ partition: 0, lag: 10_001 }] }),
    }),
    "group",
    /lag 10001 = 10,001/,
    "it catches up if the lag shrinks; if not, look at the Kafka table",
  ],
  ["ClickHouse gone", withState("clickhouse", "absent"), "Kafka table", /is absent/, up],
  [
    "ClickHouse not answering",
    withStream({ kafka: unseen("ECONNREFUSED") }),
    "Kafka table",
    /ECONNREFUSED/,
    logs("clickhouse-server"),
  ],
  [
    "a dropped Kafka table",
    withStream({ kafka: seen(undefined) }),
    "Kafka table",
    /is not there/,
    `if it was paused: npm run offsets -- resume --stack dev; else ${refresh}`,
  ],
  [
    "a Kafka table without consumers",
    withStream({ kafka: seen({ ...kafkaTable, consumers: 0 }) }),
    "Kafka table",
    /0 consumers/,
    refresh,
  ],
  [
    "a Kafka table that is stuck",
    withStream({ kafka: seen({ ...kafkaTable, lastError: "Cannot parse", lastErrorAge: 5 }) }),
    "Kafka table",
    /last error 5\.0 s ago: Cannot parse/,
    "mend what the error names",
  ],
  ["a dropped view", withStream({ viewTarget: seen(false) }), "view", /is not there/, refresh],
  [
    "a view nobody can tell of",
    withStream({ viewTarget: unseen("timeout") }),
    "view",
    /timeout/,
    logs("clickhouse-server"),
  ],
  [
    "an empty table",
    withStream({ rows: seen({ rows: 0, newestAge: undefined }) }),
    "table steam_top",
    /no row yet/,
    "wait a moment, or look at the hops before",
  ],
  [
    "a table in which nothing arrives",
    withStream({ rows: seen({ rows: 9, newestAge: 241 }) }),
    "table steam_top",
    /newest 4 min 01 s old/,
    "nothing new arrives: look at the hops before",
  ],
  [
    "a table that cannot be read",
    withStream({ rows: unseen("Code: 60") }),
    "table steam_top",
    /Code: 60/,
    logs("clickhouse-server"),
  ],
  [
    "an empty roll-up",
    observations({ hourlyRows: seen(0) }),
    "table steam_hourly_stats",
    /no row yet/,
    "it follows steam_top_games: look at that",
  ],
  [
    "a roll-up that cannot be read",
    observations({ hourlyRows: unseen("Code: 60") }),
    "table steam_hourly_stats",
    /Code: 60/,
    logs("clickhouse-server"),
  ],
  [
    "Grafana gone",
    withState("grafana", "absent", {
      grafana: { url: "http://localhost:3000", note: "", version: unseen("ECONNREFUSED") },
    }),
    "Grafana",
    /is absent/,
    up,
  ],
  [
    "Grafana not answering",
    withState("grafana", "running", {
      grafana: { url: "http://localhost:3000", note: "", version: unseen("HTTP 503") },
    }),
    "Grafana",
    /HTTP 503/,
    logs("grafana"),
  ],
  [
    "a Docker engine that does not answer",
    observations({ containers: unseen("ENOENT") }),
    "producer",
    /the Docker engine does not answer: ENOENT/,
    "npm run doctor",
  ],
];

describe("a fault", () => {
  it.each(faults)("%s: is told with what to do", (_what, observed, name, detail, fix) => {
    expect(hop(name, observed)).toMatchObject({
      healthy: false,
      detail: expect.stringMatching(detail) as string,
      fix,
    });
    expect(evaluate(observed).healthy).toBe(false);
  });

  it("that was overcome does not count", () => {
    const kafka = seen({
      ...kafkaTable,
      lastError: "was\n0. ? @ 0x1",
      lastErrorAge: 5,
      recovered: true,
    });
    expect(hop("Kafka table", withStream({ kafka }))).toMatchObject({
      healthy: true,
      detail: "3 consumers, 1,200 messages read, last error 5.0 s ago, overcome: was",
    });
  });

  it("is not that a container is still starting", () => {
    expect(evaluate(withState("kafka", "running (health: starting)")).healthy).toBe(true);
  });

  it("of messages that do not parse is told, and is none of the table's health", () => {
    const observed = observations({ deadLetters: seen(1500) });
    expect(hop("Kafka table", observed)).toMatchObject({
      healthy: true,
      deadLetters: 1500,
      detail: expect.stringContaining("1,500 messages could not be parsed") as string,
    });
  });
});
