import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { lockDirectory, stateFile } from "./backend";
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
    dropHalfWritten(session);
  }
}

/**
 * Removes what a killed run began to write beside the state: drafts, and metadata that is still empty, which
 * Pulumi cannot read. The state itself is written whole or not at all, and stays.
 */
function dropHalfWritten(session: Session): void {
  const file = stateFile(session.backend, session.stack);
  if (file === undefined || !existsSync(dirname(file))) return;
  const [directory, name] = [dirname(file), basename(file)];
  for (const entry of readdirSync(directory)) {
    const whole = join(directory, entry);
    const draft = entry.startsWith(`${name}.`) && entry.endsWith(".tmp");
    const metadata = entry === `${name}.attrs` || entry === `${name}.bak.attrs`;
    if (draft || (metadata && statSync(whole).size === 0)) rmSync(whole, { force: true });
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
