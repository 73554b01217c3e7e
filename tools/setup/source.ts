import { STEAM_API_URL } from "../../infra/steam";
import type { Progress } from "../lib/progress";
import { probe, type Answer } from "./probe";

/** What the producer is to poll, and why. */
export interface Source {
  source: "steam" | "simulated";
  /** One sentence for people. */
  reason: string;
}

const TIMEOUT_MS = 4000;
const RANKING = "/ISteamChartsService/GetGamesByConcurrentPlayers/v1/";
const TOO_MANY_REQUESTS = 429;

/** Finds out whether Steam's Web API can be reached from here. */
export function findSource(progress: Progress): Promise<Source> {
  return progress.step("Steam's Web API", async () =>
    judgeSource(await probe(`${STEAM_API_URL}${RANKING}`, TIMEOUT_MS)),
  );
}

/** What an answer of the ranking's endpoint means. */
export function judgeSource(answer: Answer): Source {
  if (answer.status === undefined)
    return simulated(`Steam's Web API cannot be reached: ${answer.reason}`);
  if (answer.status === TOO_MANY_REQUESTS)
    return { source: "steam", reason: "Steam's Web API answers, if only to ask for patience" };
  if (answer.status !== 200) return simulated(`Steam's Web API answers with HTTP ${answer.status}`);
  return hasRanks(answer.body)
    ? { source: "steam", reason: "Steam's Web API answers" }
    : simulated("something else than Steam answers at the address of its Web API");
}

function simulated(reason: string): Source {
  return { source: "simulated", reason };
}

function hasRanks(body: string): boolean {
  try {
    const content = JSON.parse(body) as { response?: { ranks?: unknown } } | null;
    return Array.isArray(content?.response?.ranks);
  } catch {
    return false;
  }
}
