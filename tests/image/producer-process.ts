import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { stageProducerImage } from "../../pipeline/bundle";
import type { Environment } from "../../pipeline/environment";
import { createSimulator, type SimulatorArgs } from "../../pipeline/simulator/server";
import { formatFetchTime } from "../../pipeline/record";
import type { StoredRecord } from "./producer-stand";
import { stop } from "./stand";

/** The simulated Steam on a port of its own. */
export async function startSimulator(
  args: Partial<SimulatorArgs> = {},
): Promise<{ url: string; close(): void }> {
  const server: Server = createSimulator({
    seed: 1,
    faultRate: 0,
    storeCallsPer5Minutes: 0,
    ...args,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

let staged: string | undefined;

/** A producer as the image runs it, in a process of its own. */
export class TestProducer {
  readonly lines: Record<string, unknown>[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly environment: Environment,
  ) {
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) this.lines.push(JSON.parse(line) as Record<string, unknown>);
    });
  }

  static start(environment: Environment): TestProducer {
    staged ??= temporaryDirectory();
    const { contextDir } = stageProducerImage(staged);
    const child = spawn(process.execPath, [join(contextDir, "producer.js")], {
      env: {
        PATH: process.env["PATH"],
        STATUS_PORT: "0",
        SOURCE: "simulated",
        LOG_LEVEL: "debug",
        ...environment,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    return new TestProducer(child, environment);
  }

  /** Another one in its place, which takes its spool over. */
  successor(): TestProducer {
    return TestProducer.start(this.environment);
  }

  /** Waits until a snapshot is delivered that was polled from now on: what has waited comes before it. */
  async untilFresh(deadlineMs = 120_000): Promise<void> {
    const since = formatFetchTime(new Date());
    const isFresh = ({ msg, fetchTime }: Record<string, unknown>) =>
      msg === "delivered" && String(fetchTime) >= since;
    for (const startedAt = Date.now(); !this.lines.some(isFresh);) {
      if (Date.now() - startedAt > deadlineMs)
        throw new Error(`nothing is delivered:\n${JSON.stringify(this.lines)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits for a line that says `text`, after the first `from` lines. */
  async until(
    text: string,
    { from = 0, deadlineMs = 30_000 } = {},
  ): Promise<Record<string, unknown>> {
    for (const since = Date.now(); ;) {
      const line = this.lines.slice(from).find(({ msg }) => String(msg).includes(text));
      if (line) return line;
      if (Date.now() - since > deadlineMs)
        throw new Error(`no line says ${JSON.stringify(text)}:\n${JSON.stringify(this.lines)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** null while it runs. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** Ends it, and gives its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    await stop(this.child, signal);
    return this.child.exitCode;
  }

  /** Records that its log says were delivered. */
  get delivered(): number {
    return this.lines
      .filter(({ msg }) => msg === "delivered")
      .reduce((sum, { records }) => sum + Number(records), 0);
  }
}

const directories: string[] = [];
process.once("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A directory that is gone at the end of the tests' process. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "spool-"));
  directories.push(directory);
  return directory;
}

/** Each snapshot is there once, whole and in order, and among them are all that the logs say were polled. */
export function expectWhole(
  { expect }: Pick<TestContext, "expect">,
  records: readonly StoredRecord[],
  producers: readonly TestProducer[],
): void {
  expect(disorderIn(records)).toEqual([]);
  const times = new Set(
    records.map(({ value }) => (JSON.parse(value) as { fetch_time: string }).fetch_time),
  );
  expect(records).toHaveLength(100 * times.size);
  const told = producers.flatMap(({ lines }) => lines.filter(({ msg }) => msg === "polled"));
  for (const { fetchTime } of told) expect(times).toContain(fetchTime);
}

/** What is wrong with a topic in which each key's snapshots should stand once and in the order of their time. */
export function disorderIn(records: readonly StoredRecord[]): string[] {
  const faults: string[] = [];
  const lastTime = new Map<string, string>();
  for (const { key, value, partition, offset } of records) {
    const { game_id, fetch_time } = JSON.parse(value) as { game_id: number; fetch_time: string };
    const at = `partition ${partition}, offset ${offset}`;
    if (String(game_id) !== key) faults.push(`${at}: key ${key} on game ${game_id}`);
    const last = lastTime.get(key) ?? "";
    if (fetch_time <= last) faults.push(`${at}: game ${key} at ${fetch_time} after ${last}`);
    lastTime.set(key, fetch_time);
  }
  return faults;
}
