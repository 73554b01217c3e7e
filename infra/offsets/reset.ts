import type { ClickHouseClient } from "@clickhouse/client";
import { effectsOf, type Effect } from "./effect";
import { movesTo, type Goal } from "./goal";
import { refuseWhileRead, type Reader } from "./reader";

/** What a reset would do to each partition. @throws OffsetError for a topic or an offset that is not there */
export async function planReset(
  client: ClickHouseClient,
  { group }: Reader,
  goal: Goal,
  partition?: number,
): Promise<Effect[]> {
  const positions = await group.positions();
  const atTime = goal.kind === "time" ? await group.offsetsAt(goal.at) : new Map<number, number>();
  const moves = movesTo(goal, group.topic, positions, atTime, partition);
  return effectsOf(client, group.topic, moves);
}

/** Sets the offsets. @throws OffsetError (GROUP_RUNNING) */
export async function carryOut(
  reader: Reader,
  targets: readonly { partition: number; target: number }[],
): Promise<void> {
  await refuseWhileRead(reader);
  await reader.group.commit(targets);
}
