import { decide, type Decision } from "./decide";
import { findHost } from "./host";
import { machine } from "./machine";
import { ping } from "./ping";

/** Which engine it is about, and what to do about it. */
export interface Sight {
  /** As DOCKER_HOST has it. */
  host: string;
  /** Whether it answers now. */
  answers: boolean;
  decision: Decision;
}

/** Looks for an engine and at what this machine could do to have one. Changes nothing. */
export async function look(): Promise<Sight> {
  const where = findHost();
  const pong = await ping(where.host);
  const decision = decide({ ...where, pong, ...machine() });
  return { host: where.host, answers: pong.answers, decision };
}
