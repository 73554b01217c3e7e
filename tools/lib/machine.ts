import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** What a machine can tell of its processes. */
export interface Machine {
  hostname: string;
  /** When the process began, in milliseconds since 1970; undefined where there is none, NaN where unknown. */
  startOf(pid: number): number | undefined;
}

/** Linux tells times of processes in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10;

export const thisMachine: Machine = {
  hostname: hostname(),
  startOf(pid) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
    }
    try {
      const read = (file: string) => readFileSync(`/proc/${file}`, "utf8");
      const stat = read(`${pid}/stat`);
      return hasEnded(stat) ? undefined : processStart(stat, read("uptime"), Date.now());
    } catch {
      return Number.NaN;
    }
  },
};

/** Whether a process has ended and only waits for its parent to notice, by the text of its /proc/PID/stat. */
function hasEnded(stat: string): boolean {
  return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/**
 * When a process began, by the text of its /proc/PID/stat and of /proc/uptime; NaN where they make no
 * sense together. (The times of the file /proc/PID itself are those of the first look at it.)
 */
export function processStart(stat: string, uptime: string, nowMs: number): number {
  // The program's name stands in parentheses and may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const upMs = Number.parseFloat(uptime) * 1000;
  const afterBootMs = Number(fields[19]) * TICK_MS;
  return afterBootMs <= upMs + TICK_MS ? nowMs - upMs + afterBootMs : Number.NaN;
}
