import type { Observations } from "./observation";

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

export function containerFault(
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

export function unknown(name: string, detail: string, seen: Observations, part = "producer"): Hop {
  return { name, healthy: false, detail, fix: logsOf(seen, part) };
}

export function absent(name: string, seen: Observations): Hop {
  return {
    name,
    healthy: false,
    detail: "is not there",
    fix: `npm run up -- --refresh --stack ${seen.stack}`,
  };
}

export function logsOf(seen: Observations, part: string): string {
  const name = seen.containerNames[part];
  if (name === undefined) return `look at ${part} itself, which the stack does not run`;
  const endpoint = seen.endpoints?.[part];
  const where = endpoint === undefined ? "" : `--host ${endpoint} `;
  return `docker ${where}logs ${name}`;
}

export function ageOf(time: string | null, now: number): number | undefined {
  return time === null ? undefined : Math.max(0, now - Date.parse(time));
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

export function count(n: number): string {
  return n.toLocaleString("en-US");
}
