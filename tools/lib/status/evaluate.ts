import { seconds } from "../progress";
import type { Observations, Stream } from "./observation";

/** One station of a record on its way, judged. */
export interface Hop {
  name: string;
  healthy: boolean;
  /** In words, without what to do. */
  detail: string;
  /** What to do where it is not healthy. */
  fix?: string;
  [figure: string]: unknown;
}

export interface Status {
  stack: string;
  healthy: boolean;
  hops: Hop[];
}

/** Messages a consumer may be behind while it still counts as keeping up. */
const LAG_ALLOWED = 10_000;

/** Judges what was seen: one hop for each station, in the order in which a record passes them. */
export function evaluate(seen: Observations): Status {
  const hops = [
    sourceHop(seen),
    producerHop(seen),
    ...seen.streams.flatMap((stream) => [
      topicHop(seen, stream),
      groupHop(seen, stream),
      kafkaTableHop(seen, stream),
      viewHop(seen, stream),
      tableHop(seen, stream),
    ]),
    hourlyHop(seen),
    grafanaHop(seen),
  ];
  return { stack: seen.stack, healthy: hops.every((hop) => hop.healthy), hops };
}

function sourceHop(seen: Observations): Hop {
  const name = `source (${seen.source})`;
  const figures = { source: seen.source };
  if (seen.source === "simulated") {
    const down = containerFault(seen, "simulator");
    if (down) return { name, healthy: false, ...figures, ...down };
  }
  if (!seen.producer.ok)
    return { ...unknown(name, "the producer, which polls it, does not answer", seen), ...figures };
  const { lastPollAt, lastPollError } = seen.producer.value;
  const age = ageOf(lastPollAt, seen.now);
  if (lastPollError) {
    return {
      name,
      healthy: false,
      ...figures,
      detail: `last poll failed: ${lastPollError}`,
      fix:
        seen.source === "steam"
          ? "check that this machine reaches Steam"
          : logsOf(seen, "simulator"),
    };
  }
  if (age === undefined)
    return { name, healthy: false, ...figures, detail: "not polled yet", fix: "wait a moment" };
  const late = age > (3 * seen.pollIntervalSeconds + 60) * 1000;
  return {
    name,
    healthy: !late,
    ...figures,
    detail: `answered ${seconds(age)} ago, polled every ${seen.pollIntervalSeconds} s`,
    ...(late ? { fix: logsOf(seen, "producer") } : {}),
    lastPollAt,
  };
}

function producerHop(seen: Observations): Hop {
  const name = "producer";
  const down = containerFault(seen, "producer");
  if (down) return { name, healthy: false, ...down };
  if (!seen.producer.ok)
    return unknown(
      name,
      `no answer from its status page: ${seen.producer.reason}`,
      seen,
      "producer",
    );
  const { recordsAcked, recordsFailed, recordsDropped, polls, lastDeliveredAt } =
    seen.producer.value;
  const age = ageOf(lastDeliveredAt, seen.now);
  const healthy = age !== undefined && age <= (3 * seen.pollIntervalSeconds + 60) * 1000;
  const delivered =
    age === undefined ? "nothing delivered yet" : `last delivered ${seconds(age)} ago`;
  const dropped = recordsDropped > 0 ? `, ${count(recordsDropped)} dropped` : "";
  return {
    name,
    healthy,
    detail: `${count(recordsAcked)} records acknowledged, ${count(recordsFailed)} failed${dropped}; ${delivered}`,
    ...(healthy ? {} : { fix: logsOf(seen, "producer") }),
    polls,
    recordsAcked,
    recordsFailed,
    recordsDropped,
    lastDeliveredAt,
  };
}

function topicHop(seen: Observations, { topic, offsets }: Stream): Hop {
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

function groupHop(seen: Observations, { group, consumers }: Stream): Hop {
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

function kafkaTableHop(seen: Observations, { kafkaTable, kafka }: Stream): Hop {
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
            ? "mend what the error names"
            : `npm run up -- --refresh --stack ${seen.stack}`,
        }),
    consumers,
    lastError,
    messagesRead,
    deadLetters: letters,
  };
}

function viewHop(seen: Observations, { view, viewTarget }: Stream): Hop {
  const name = `view ${view}`;
  if (!viewTarget.ok)
    return unknown(name, `ClickHouse does not tell: ${viewTarget.reason}`, seen, "clickhouse");
  return viewTarget.value ? { name, healthy: true, detail: "stands" } : absent(name, seen);
}

function tableHop(seen: Observations, { table, rows, staleAfter }: Stream): Hop {
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

function hourlyHop(seen: Observations): Hop {
  const name = "table steam_hourly_stats";
  if (!seen.hourlyRows.ok)
    return unknown(name, `cannot be read: ${seen.hourlyRows.reason}`, seen, "clickhouse");
  const rows = seen.hourlyRows.value;
  return {
    name,
    healthy: rows > 0,
    detail: rows > 0 ? `${count(rows)} rows` : "no row yet",
    ...(rows > 0 ? {} : { fix: "it follows steam_top_games: look at that" }),
    rows,
  };
}

function grafanaHop(seen: Observations): Hop {
  const { url, note, version } = seen.grafana;
  const name = "Grafana";
  if (url === "") return { name, healthy: true, detail: note, present: false };
  const down = containerFault(seen, "grafana");
  if (down) return { name, healthy: false, present: true, ...down };
  if (!version.ok)
    return {
      ...unknown(name, `does not answer: ${version.reason}`, seen, "grafana"),
      present: true,
      url,
    };
  return { name, healthy: true, detail: `version ${version.value}`, present: true, url };
}

function containerFault(
  seen: Observations,
  part: string,
): { detail: string; fix: string } | undefined {
  if (!seen.containers.ok)
    return {
      detail: `the Docker engine does not answer: ${seen.containers.reason}`,
      fix: "npm run doctor",
    };
  const state = seen.containers.value[part];
  if (state === undefined || state === "running" || state.endsWith("(health: starting)"))
    return undefined;
  const fix =
    state === "running (unhealthy)" ? logsOf(seen, part) : `npm run up -- --stack ${seen.stack}`;
  return { detail: `its container is ${state}`, fix };
}

function unknown(name: string, detail: string, seen: Observations, part = "producer"): Hop {
  return { name, healthy: false, detail, fix: logsOf(seen, part) };
}

function absent(name: string, seen: Observations): Hop {
  return {
    name,
    healthy: false,
    detail: "is not there",
    fix: `npm run up -- --refresh --stack ${seen.stack}`,
  };
}

function logsOf(seen: Observations, part: string): string {
  return `docker logs ${seen.containerNames[part] ?? part}`;
}

function ageOf(time: string | null, now: number): number | undefined {
  return time === null ? undefined : Math.max(0, now - Date.parse(time));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** An error's own words, without the engine's stack below them. */
function firstLine(error: string): string {
  return (error.split("\n", 1)[0] ?? "").slice(0, 160);
}
