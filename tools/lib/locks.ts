import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { lockDirectory } from "./backend";
import { thisMachine, type Machine } from "./machine";
import type { Session } from "./session";
import { UserError } from "./user-error";

const schema = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

export type Lock = z.infer<typeof schema>;

/** Tolerance between a process's start as /proc tells it and the lock's clock. */
const CLOCK_SLACK_MS = 2000;

/** Whether whoever took the lock can still be at work. */
export function isHeld(lock: Lock, machine: Machine): boolean {
  if (lock.hostname !== machine.hostname) return true;
  const startedAt = machine.startOf(lock.pid);
  if (startedAt === undefined) return false;
  // A process that began after the lock was taken only has the same number.
  return !(startedAt > Date.parse(lock.timestamp) + CLOCK_SLACK_MS);
}

/**
 * Removes locks of runs on this machine that were killed, for a backend of files.
 * @throws UserError (LOCKED) where another run holds the stack.
 */
export function clearDeadLocks(session: Session, machine: Machine = thisMachine): void {
  const directory = lockDirectory(session.backend, session.stack);
  if (directory === undefined) return;
  for (const name of list(directory)) {
    const file = join(directory, name);
    const lock = readLock(file);
    if (!lock) continue;
    if (isHeld(lock, machine)) {
      throw new UserError("LOCKED", "the stack is locked by another update", {
        where: `started by ${lock.username} on ${lock.hostname}, process ${lock.pid}, at ${lock.timestamp}`,
        fix: `wait until it ends; if it was killed on another machine: npm run pulumi -- cancel --stack ${session.stack}`,
      });
    }
    session.progress.note(
      `an earlier run (process ${lock.pid}) was killed: its lock is taken away`,
    );
    rmSync(file, { force: true });
    rmSync(`${file}.attrs`, { force: true });
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

function readLock(file: string): Lock | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Half-written or just given back by its owner: Pulumi itself has the last word.
    return undefined;
  }
}
