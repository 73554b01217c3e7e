import type { Observations, Seen, Stream } from "../../../../../tools/lib/status/observation";

export const now = Date.parse("2026-03-01T12:00:00Z");
export const seen = <T>(value: T): Seen<T> => ({ ok: true, value });
export const unseen = (reason: string): Seen<never> => ({ ok: false, reason });
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

export const producerStatus = {
  source: "simulated",
  lastPollAt: ago(20),
  lastPollError: null,
  polls: 12,
  recordsAcked: 1200,
  recordsFailed: 0,
  recordsDropped: 0,
  lastDeliveredAt: ago(19),
};

export const kafkaTable = {
  consumers: 3,
  lastError: "",
  lastErrorAge: undefined,
  recovered: false,
  messagesRead: 1200,
};

export function stream(more: Partial<Stream> = {}): Stream {
  return {
    topic: "steam_top_games_topic",
    group: "clickhouse_steam_top_games_consumer",
    kafkaTable: "kafka_steam_top_games",
    view: "steam_top_games_mv",
    table: "steam_top_games",
    staleAfter: 240,
    offsets: seen([0, 1, 2].map((partition) => ({ partition, end: 400, messages: 400 }))),
    consumers: seen({
      state: "Stable",
      members: 1,
      lag: [0, 1, 2].map((partition) => ({ partition, lag: 0 })),
    }),
    kafka: seen(kafkaTable),
    viewTarget: seen(true),
    rows: seen({ rows: 1200, newestAge: 18 }),
    ...more,
  };
}

/** A stack of one stream in which all is well, with what a test wants otherwise. */
export function observations(more: Partial<Observations> = {}): Observations {
  return {
    stack: "dev",
    source: "simulated",
    containers: seen({
      kafka: "running",
      clickhouse: "running",
      grafana: "absent",
      producer: "running",
      simulator: "running",
    }),
    containerNames: {
      kafka: "kafka",
      clickhouse: "clickhouse-server",
      grafana: "grafana",
      producer: "steam-producer",
      simulator: "steam-simulator",
    },
    producer: seen(producerStatus),
    pollIntervalSeconds: 60,
    now,
    streams: [stream()],
    hourlyRows: seen(24),
    deadLetters: seen(0),
    grafana: { url: "", note: "Not running: no image.", version: seen("") },
    ...more,
  };
}

export { ago };
