import { seconds } from "../progress";
import { certificatesHop } from "./certificates-hop";
import { ageOf, containerFault, count, logsOf, unknown, type Hop } from "./hop";
import type { Observations } from "./observation";
import { serversHop } from "./servers-hop";
import { groupHop, kafkaTableHop, tableHop, topicHop, viewHop } from "./stream-hops";

export interface Status {
  stack: string;
  healthy: boolean;
  hops: Hop[];
}

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
    ...(seen.servers ? [serversHop(seen, seen.servers)] : []),
    ...(seen.certificatesEnd === undefined ? [] : [certificatesHop(seen, seen.certificatesEnd)]),
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
