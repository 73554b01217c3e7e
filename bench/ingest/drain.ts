import { setTimeout as sleep } from "node:timers/promises";
import type { Stand } from "../../tests/image/stand";
import { withContestant, type Contestant } from "./contestants";

const LOOK_MS = 20;
const DEADLINE_MS = 180_000;

/**
 * Has a contestant read a topic that is filled already. @returns rows a second, from when it has the topic's
 * partitions to the last row
 */
export async function drain(
  stand: Stand,
  contestant: Contestant,
  topic: string,
  rows: number,
): Promise<number> {
  return withContestant(stand, contestant, topic, async (ask) => {
    const begunAt = await until(contestant, ask, {
      query: `SELECT count() AS n FROM system.kafka_consumers
        WHERE database = currentDatabase() AND has(assignments.topic, '${topic}')`,
      least: 1,
    });
    const endedAt = await until(contestant, ask, {
      query: "SELECT count() AS n FROM steam_top_games",
      least: rows,
    });
    return (rows * 1000) / (endedAt - begunAt);
  });
}

/** Waits until a query's one number is at least so much. @returns when, by `performance.now()` */
async function until(
  { name }: Contestant,
  ask: <R>(query: string) => Promise<R[]>,
  { query, least }: { query: string; least: number },
): Promise<number> {
  for (const since = Date.now(); ;) {
    const [found] = await ask<{ n: string }>(query);
    if (Number(found?.n) >= least) return performance.now();
    if (Date.now() - since > DEADLINE_MS)
      throw new Error(`${name}: ${found?.n} of ${least} after ${DEADLINE_MS} ms: ${query}`);
    await sleep(LOOK_MS);
  }
}
