import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../clickhouse";
import type { Outputs } from "../outputs";
import type { Session } from "../session";
import { UserError } from "../user-error";
import { evaluate, type Status } from "./evaluate";
import { observe } from "./observe";

const POLL_MS = 250;

/**
 * Waits until rows have come all the way into `steam_top_games`.
 * @throws UserError (NO_ROWS) after `timeoutSeconds`.
 */
export async function waitForRows(
  session: Session,
  outputs: Outputs,
  timeoutSeconds: number,
): Promise<number> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const rows = async () => {
    try {
      const [row] = await ask<{ n: string }>(outputs, "SELECT count() AS n FROM steam_top_games");
      return Number(row?.n ?? 0);
    } catch {
      return 0;
    }
  };
  return session.progress.step("rows in steam_top_games", async () => {
    for (;;) {
      const n = await rows();
      if (n > 0) return n;
      if (Date.now() > deadline) {
        throw new UserError(
          "NO_ROWS",
          `no row reached steam_top_games within ${timeoutSeconds} s`,
          {
            fix: `npm run status -- --stack ${session.stack} tells which hop is to blame`,
          },
        );
      }
      await sleep(POLL_MS);
    }
  });
}

/** The stack's status, looked at again until all is well or the time is up. */
export async function settledStatus(
  session: Session,
  outputs: Outputs,
  timeoutSeconds: number,
): Promise<Status> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const look = async () => evaluate(await observe(session, outputs));
  let status = await look();
  if (status.healthy || timeoutSeconds === 0) return status;
  return session.progress.step("hops", async (say) => {
    while (!status.healthy && Date.now() < deadline) {
      say(`waiting for ${status.hops.find((hop) => !hop.healthy)?.name ?? ""}`);
      await sleep(POLL_MS * 2);
      status = await look();
    }
    return status;
  });
}
