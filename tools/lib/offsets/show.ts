import type { ClickHouseClient } from "@clickhouse/client";
import { stands } from "../../../infra/clickhouse/observe";
import type { Effect } from "../../../infra/offsets/effect";
import type { Position } from "../../../infra/offsets/goal";
import type { GroupState } from "../../../infra/offsets/group";
import { alignTable } from "../table";
import type { StreamReader } from "./target";

/** Where a group stands, and who reads for it. */
export interface Shown extends GroupState {
  topic: string;
  group: string;
  kafkaTable: string;
  paused: boolean;
  partitions: (Position & { lag: number })[];
}

export async function show(client: ClickHouseClient, reader: StreamReader): Promise<Shown> {
  const { group, kafkaTable } = reader;
  const positions = await group.positions();
  return {
    topic: group.topic,
    group: group.group,
    kafkaTable,
    paused: !(await stands(client, kafkaTable)),
    ...(await group.state()),
    partitions: positions.map((position) => ({
      ...position,
      lag: position.end - Math.max(position.low, position.committed ?? position.low),
    })),
  };
}

export function renderShown(shown: Shown): string {
  const { topic, group, state, members, paused, kafkaTable, partitions } = shown;
  const who = members.map(({ clientId, host }) => `${clientId} on ${host}`).join(", ");
  const reading = paused ? `paused: ${kafkaTable} is detached` : who || "nobody reads";
  const lines = partitions.map(({ partition, low, committed, end, lag }) =>
    [partition, low, committed ?? "-", end, lag].map(String),
  );
  const head = ["partition", "oldest", "committed", "end", "lag"];
  return [
    `topic ${topic}, group ${group}: ${state}, ${reading}`,
    ...alignTable([head, ...lines], [0, 1, 2, 3, 4]),
  ].join("\n");
}

/** Where each partition would go, as a table. */
export function renderEffects(effects: readonly Effect[]): string {
  const lines = effects.map(({ partition, committed, target, again, skipped }) =>
    [partition, committed ?? "-", target, again, skipped].map(String),
  );
  const head = ["partition", "committed", "goes to", "read again", "skipped"];
  return alignTable([head, ...lines], [0, 1, 2, 3, 4]).join("\n");
}
