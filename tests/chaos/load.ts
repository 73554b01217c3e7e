import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stop } from "../image/stand";
import type { LoadLine, LoadTask } from "./load-process";

const checkout = join(__dirname, "../..");

/** A producer of numbered snapshots in a process of its own, to be ill-treated, and what it said of each. */
export class Load {
  /** Snapshots whose keeping began: no other may ever be found. */
  readonly begun = new Set<number>();
  /** Snapshots that the producer's spool took: each has to arrive, whatever happens. */
  readonly kept = new Set<number>();
  /** Snapshots that Kafka acknowledged. */
  readonly delivered = new Set<number>();
  /** What it said went wrong. */
  readonly faults: string[] = [];
  private child: ChildProcess | undefined;

  constructor(private readonly task: Omit<LoadTask, "from">) {}

  /** Highest number begun; -1 before the first. */
  get last(): number {
    return [...this.begun].reduce((most, number) => Math.max(most, number), -1);
  }

  start(): void {
    const program = join(__dirname, "load-process.ts");
    const task: LoadTask = { ...this.task, from: this.last + 1 };
    const child = spawn(process.execPath, ["--require", "tsx/cjs", program, JSON.stringify(task)], {
      cwd: checkout,
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (text) =>
      this.heard(JSON.parse(text) as LoadLine),
    );
    child.once("exit", (code) => {
      if (code !== null && code !== 0) this.faults.push(`the load ended with ${code}`);
    });
    this.child = child;
  }

  /** SIGSTOP, SIGCONT; SIGKILL ends it, SIGTERM once everything is delivered. */
  async signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL" | "SIGTERM"): Promise<void> {
    if (!this.child) return;
    if (name === "SIGSTOP" || name === "SIGCONT") {
      this.child.kill(name);
      return;
    }
    // What it said before it ended is heard to the end.
    const silent = new Promise((resolve) => this.child?.once("close", resolve));
    await Promise.all([stop(this.child, name), silent]);
    this.child = undefined;
  }

  private heard(line: LoadLine): void {
    if ("beginning" in line) this.begun.add(line.beginning);
    else if ("kept" in line) this.kept.add(line.kept);
    else if ("delivered" in line) this.delivered.add(line.delivered);
    else this.faults.push(line.fault);
  }
}
