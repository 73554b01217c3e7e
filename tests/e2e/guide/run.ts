import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stackNames } from "../../../infra/names";
import { checkout, docker, stack } from "../steamline";
import { forStack } from "./adapt";
import type { Snippet } from "./document";

export interface Output {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Lines for a program on a terminal, typed once it has said something. */
  typed?: string;
  /** Stops a program that would go on for ever, once it has printed this. */
  until?: RegExp;
  /** @default 120000 */
  timeoutMs?: number;
}

export const containers = stackNames(stack).containers;
/** Between the first thing a program says and the first key. */
const TYPING_DELAY_MS = 700;

/** Runs a snippet as a person would, on the suite's stack. */
export async function runSnippet(snippet: Snippet, options: RunOptions = {}): Promise<Output> {
  const { command, args, input } = commandOf(snippet);
  const child = spawn(command, args, {
    cwd: checkout,
    env: { ...process.env, PYTHONUNBUFFERED: "1", PYTHONUTF8: "1" },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output: Output = { code: null, stdout: "", stderr: "" };
  let stopped = false;
  const stop = () => {
    if (stopped || child.pid === undefined) return;
    stopped = true;
    try {
      process.kill(-child.pid);
    } catch (error) {
      // It may have ended by itself a moment ago.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  const timer = setTimeout(stop, options.timeoutMs ?? 120_000);
  let typing = options.typed;
  const hear = (stream: "stdout" | "stderr") => (chunk: Buffer) => {
    output[stream] += chunk.toString();
    if (options.until?.test(output.stdout)) stop();
    const keys = typing;
    typing = undefined;
    if (keys !== undefined) void sleep(TYPING_DELAY_MS).then(() => child.stdin.write(keys));
  };
  child.stdout.on("data", hear("stdout"));
  child.stderr.on("data", hear("stderr"));
  child.stdin.on("error", () => undefined);
  if (options.typed === undefined) child.stdin.end(input ?? "");
  output.code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(timer);
  if (options.until && snippet.language === "bash") await stopConsoleConsumers();
  return output;
}

function commandOf(snippet: Snippet): { command: string; args: string[]; input?: string } {
  const code = forStack(snippet, stack);
  switch (snippet.language) {
    case "bash":
      if (snippet.inKafka)
        return { command: "docker", args: ["exec", containers.kafka, "bash", "-c", code] };
      return code.includes("docker exec -it")
        ? { command: "script", args: ["-qec", code, "/dev/null"] }
        : { command: "bash", args: ["-c", code] };
    case "sql":
      return {
        command: "docker",
        args: [
          ...["exec", "-i", containers.clickhouse, "clickhouse-client", "--multiquery"],
          ...(snippet.database ? ["--database", snippet.database] : []),
        ],
        input: code,
      };
    case "python":
      return {
        command: join(checkout, ".steamline", "python", "bin", "python"),
        args: ["-"],
        input: code,
      };
  }
}

/** `docker exec` without a terminal leaves its command running when it is stopped itself. */
async function stopConsoleConsumers(): Promise<void> {
  // Written so that it does not match the shell that looks for it.
  const script =
    "for p in /proc/[0-9]*; do if grep -qa tools[.]consumer[.]ConsoleConsumer $p/cmdline; then kill ${p#/proc/}; fi; done; true";
  await docker("exec", containers.kafka, "bash", "-c", script);
}
