import { setTimeout as sleep } from "node:timers/promises";
import type { Stand } from "../../tests/image/stand";
import { withContestant, type Contestant } from "./contestants";

const LOOK_MS = 20;
const DEADLINE_MS = 600_000;

/**
 * Has a contestant read a topic that is filled already. @returns rows a second, from the first block stored to the
 * last row, so that joining the group does not count
 */
export async function drain(
  stand: Stand,
  contestant: Contestant,
  topic: string,
  rows: number,
): Promise<number> {
  return withContestant(stand, contestant, topic, async (ask) => {
    let first: { at: number; rows: number } | undefined;
    for (const since = Date.now(); ;) {
      const [found] = await ask<{ n: string }>("SELECT count() AS n FROM steam_top_games");
      const [stored, at] = [Number(found?.n), performance.now()];
      if (stored > 0) first ??= { at, rows: stored };
      if (first && stored >= rows) return ((stored - first.rows) * 1000) / (at - first.at);
      if (Date.now() - since > DEADLINE_MS)
        throw new Error(`${contestant.name}: ${stored} of ${rows} rows after ${DEADLINE_MS} ms`);
      await sleep(LOOK_MS);
    }
  });
}
