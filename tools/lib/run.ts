import { spawn, type ChildProcess } from "node:child_process";

export interface Finished {
  /** 124 after a time-out, 127 where there is no such program. */
  code: number;
  /** Ended by a signal. */
  killed: boolean;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is stopped, which then counts as code 124. */
  timeoutMs?: number;
  input?: string;
}

/** Longest output kept for looking at afterwards, in characters. */
const TAIL = 65_536;

/** Runs a program to its end and keeps what it says. Never rejects: a program that is absent has code 127. */
export function capture(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const kept = { stdout: "", stderr: "" };
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill("SIGKILL");
          }, options.timeoutMs);
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (kept.stdout += chunk));
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (kept.stderr += chunk));
    if (options.input !== undefined) child.stdin?.end(options.input);
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ code: 127, killed: false, stdout: "", stderr: error.message });
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), killed: code === null, ...kept });
    });
  });
}

/**
 * Runs a program in the foreground. What it says passes through and its end is kept. On a terminal it
 * has standard output to itself. Ctrl-C reaches it through the terminal, and this process waits for it.
 * @throws Error where there is no such program.
 */
export async function stream(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["inherit", process.stdout.isTTY ? "inherit" : "pipe", "pipe"],
  });
  const kept = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    process.stdout.write(chunk);
    kept.stdout = (kept.stdout + chunk).slice(-TAIL);
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    process.stderr.write(chunk);
    kept.stderr = (kept.stderr + chunk).slice(-TAIL);
  });
  return { ...(await ended(child)), ...kept };
}

/**
 * Hands the terminal over to a program: nothing of it is kept.
 * @throws Error where there is no such program.
 */
export async function handOver(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: "inherit" });
  return (await ended(child)).code;
}

/** Waits for a program in the foreground; signals to this process are its business meanwhile. */
function ended(child: ChildProcess): Promise<Pick<Finished, "code" | "killed">> {
  const ignore = () => undefined;
  const forward = () => child.kill("SIGTERM");
  process.on("SIGINT", ignore);
  process.on("SIGTERM", forward);
  return new Promise<Pick<Finished, "code" | "killed">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ code: code ?? (signal === "SIGINT" ? 130 : 1), killed: code === null }),
    );
  }).finally(() => {
    process.off("SIGINT", ignore);
    process.off("SIGTERM", forward);
  });
}
