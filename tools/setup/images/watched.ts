import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { UserError } from "../../lib/user-error";

export interface WatchedOptions {
  /** Told each line that the program says. */
  say: (line: string) => void;
  cwd?: string;
  /** What the program does, for people: "building steamline/kafka". */
  title: string;
  /** What to do about a failure. */
  fix: string;
  /** File that says what is done. */
  where: string;
}

/** Lines of a failed program's output that are shown. */
const SHOWN_LINES = 12;
const SAID_LENGTH = 60;

/** Runs a program to its end. @throws UserError (IMAGE or DISK_FULL) with the end of what it said. */
export async function watched(
  command: string,
  args: readonly string[],
  { say, cwd, title, fix, where }: WatchedOptions,
): Promise<void> {
  const lines: string[] = [];
  const { code, reason } = await new Promise<{ code: number; reason: string }>((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding("utf8").on("data", (chunk: string) => {
        const said = stripVTControlCharacters(chunk)
          .split(/[\r\n]+/)
          .filter((line) => line.trim() !== "");
        lines.splice(0, Math.max(0, lines.length - SHOWN_LINES));
        lines.push(...said);
        const last = said.at(-1);
        if (last) say(last.trim().slice(0, SAID_LENGTH));
      });
    }
    child.once("error", (error) => resolve({ code: 127, reason: error.message }));
    child.once("close", (ended, signal) =>
      resolve({ code: ended ?? 1, reason: signal ? `ended by ${signal}` : `code ${ended}` }),
    );
  });
  if (code === 0) return;
  const end = lines.slice(-SHOWN_LINES).map((line) => `    ${line.trimEnd()}`);
  const full = lines.some((line) => /no space left on device/i.test(line));
  throw new UserError(
    full ? "DISK_FULL" : "IMAGE",
    [`${title} failed (${reason})`, ...end].join("\n"),
    {
      where,
      fix: full ? "make room on the disk and run the command again" : fix,
    },
  );
}
