import { seconds } from "../progress";
import { absent, containerFault, count, sum, unknown, type Hop } from "./hop";
import type { Observations, Stream } from "./observation";
import { serverContainers } from "./servers-hop";

/** Messages a consumer may be behind while it still counts as keeping up. */
const LAG_ALLOWED = 10_000;

export function topicHop(seen: Observations, { topic, offsets }: Stream): Hop {
  const name = `topic ${topic}`;
  const down = containerFault(seen, "kafka");
  if (down) return { name, healthy: false, ...down };
  if (!offsets.ok)
    return unknown(name, `the broker does not tell its offsets: ${offsets.reason}`, seen, "kafka");
  const end = sum(offsets.value.map((partition) => partition.end));
  return {
    name,
    healthy: end > 0,
    detail: `${offsets.value.length} partitions, end offsets ${offsets.value.map((p) => p.end).join(" + ")} = ${count(end)}`,
    ...(end > 0 ? {} : { fix: "nothing has been sent yet: look at the producer" }),
    partitions: offsets.value,
    endOffset: end,
  };
}

export function groupHop(seen: Observations, { group, consumers }: Stream): Hop {
  const name = `group ${group}`;
  if (!consumers.ok)
    return unknown(name, `the broker does not tell of it: ${consumers.reason}`, seen, "kafka");
  const { state, members, lag } = consumers.value;
  const total = sum(lag.map((partition) => partition.lag));
  const behind = total > LAG_ALLOWED;
  const healthy = members > 0 && !behind;
  return {
    name,
    healthy,
    detail: `${state}, ${members} member${members === 1 ? "" : "s"}, lag ${lag.map((p) => p.lag).join(" + ")} = ${count(total)}`,
    ...(healthy
      ? {}
      : {
          fix: behind
            ? "it catches up if the lag shrinks; if not, look at the Kafka table"
            : "no consumer: look at the Kafka table and its view",
        }),
    state,
    members,
    lagPerPartition: lag,
    lag: total,
  };
}

export function kafkaTableHop(seen: Observations, stream: Stream): Hop {
  const { kafkaTable, kafka } = stream;
  const name = `Kafka table ${kafkaTable}`;
  const down = containerFault(seen, "clickhouse");
  if (down) return { name, healthy: false, ...down };
  if (!kafka.ok)
    return unknown(name, `ClickHouse does not tell: ${kafka.reason}`, seen, "clickhouse");
  if (!kafka.value) {
    const fix = `if it was paused: npm run offsets -- resume --stack ${seen.stack}; else npm run up -- --refresh --stack ${seen.stack}`;
    return { ...absent(name, seen), fix };
  }
  const { consumers, lastError, lastErrorAge, recovered, messagesRead } = kafka.value;
  const stuck = lastErrorAge !== undefined && !recovered;
  const letters = seen.deadLetters.ok ? seen.deadLetters.value : 0;
  const error =
    lastErrorAge === undefined
      ? "no error"
      : `last error ${seconds(lastErrorAge * 1000)} ago${recovered ? ", overcome" : ""}: ${firstLine(lastError)}`;
  const kept =
    letters > 0 ? `; ${count(letters)} messages could not be parsed, see steam_dead_letters` : "";
  return {
    name,
    healthy: consumers > 0 && !stuck,
    detail: `${consumers} consumer${consumers === 1 ? "" : "s"}, ${count(messagesRead)} messages read, ${error}${kept}`,
    ...(consumers > 0 && !stuck
      ? {}
      : {
          fix: stuck
            ? stuckFix(lastError, stream, seen)
            : `npm run up -- --refresh --stack ${seen.stack}`,
        }),
    consumers,
    lastError,
    messagesRead,
    deadLetters: letters,
  };
}

/**
 * Kafka's client gives up for good where the broker has shut it out, and where it was told of a cluster without brokers:
 * then it is in its group no more, though the broker answers. Another one of its table goes on.
 */
function stuckFix(error: string, { topic, consumers }: Stream, seen: Observations): string {
  const isAbsent = consumers.ok && consumers.value.members === 0;
  const hasGivenUp = isAbsent || error.includes("Local: Fatal error");
  const rest = `--topic ${topic} --stack ${seen.stack}`;
  if (hasGivenUp && seen.servers) return `docker restart ${serverContainers(seen).join(" ")}`;
  return hasGivenUp
    ? `npm run offsets -- pause ${rest}; then npm run offsets -- resume ${rest}`
    : "mend what the error names";
}

export function viewHop(seen: Observations, { view, viewTarget }: Stream): Hop {
  const name = `view ${view}`;
  if (!viewTarget.ok)
    return unknown(name, `ClickHouse does not tell: ${viewTarget.reason}`, seen, "clickhouse");
  return viewTarget.value ? { name, healthy: true, detail: "stands" } : absent(name, seen);
}

export function tableHop(seen: Observations, { table, rows, staleAfter }: Stream): Hop {
  const name = `table ${table}`;
  if (!rows.ok) return unknown(name, `cannot be read: ${rows.reason}`, seen, "clickhouse");
  const { rows: n, newestAge } = rows.value;
  if (newestAge === undefined)
    return {
      name,
      healthy: false,
      detail: "no row yet",
      fix: "wait a moment, or look at the hops before",
      rows: n,
    };
  const stale = newestAge > staleAfter;
  return {
    name,
    healthy: !stale,
    detail: `${count(n)} rows, newest ${seconds(Math.max(0, newestAge) * 1000)} old`,
    ...(stale ? { fix: "nothing new arrives: look at the hops before" } : {}),
    rows: n,
    newestRowAgeSeconds: newestAge,
  };
}

/** An error's own words, without the engine's stack below them. */
function firstLine(error: string): string {
  return (error.split("\n", 1)[0] ?? "").slice(0, 160);
}
