import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PipelineError, messageOf } from "../errors";
import type { Snapshot } from "../source/source";
import { lockDirectory } from "./lock";
import { readSealed, writeSealed } from "./sealed-file";

const NAME = /^(\d{15})\.snapshot$/;

/** A snapshot that waits for Kafka. */
export interface Entry {
  id: number;
  source: string;
  records: number;
  bytes: number;
  /** Whether it is on its way, so that it may not be dropped. */
  taken: boolean;
  /** Where it is not on disk. */
  snapshot?: Snapshot;
}

export interface SpoolOptions {
  /** Where snapshots are kept. Without one they are kept in memory, and lost when the process ends. */
  directory?: string;
  /** Bytes that may wait in all. Above it the oldest are dropped. @default 67108864 */
  maxBytes?: number;
  /** Told of each snapshot that had to go to make room. */
  onDrop: (entry: Entry) => void;
  /** Told of each file that is not as it was written, and of each snapshot that could not be written to disk. */
  onFault: (error: PipelineError) => void;
}

/**
 * Snapshots on their way to Kafka, oldest first, on disk. What a producer leaves behind when it stops or is
 * killed, the next one delivers. Each file carries a checksum; one that is broken is put aside.
 */
export class Spool {
  private readonly entries: Entry[] = [];
  private nextId = 1;
  private closed = false;
  private readonly waiting = new Set<() => void>();
  private unlock: (() => void) | undefined;

  constructor(private readonly options: SpoolOptions) {}

  /**
   * Takes up what was left in the directory. Until then it keeps everything in memory.
   *
   * @throws PipelineError SPOOL_IN_USE where another process has it.
   */
  async open(): Promise<void> {
    if (this.options.directory !== undefined) await this.load(this.options.directory);
  }

  get snapshots(): number {
    return this.entries.length;
  }

  get records(): number {
    return this.entries.reduce((sum, entry) => sum + entry.records, 0);
  }

  get bytes(): number {
    return this.entries.reduce((sum, entry) => sum + entry.bytes, 0);
  }

  /** Keeps a snapshot until it is delivered. Where the disk does not take it, memory does. */
  async put(snapshot: Snapshot): Promise<void> {
    const { source, records } = snapshot;
    const entry: Entry = {
      id: this.nextId++,
      source,
      records: records.length,
      bytes: 0,
      taken: false,
    };
    try {
      if (this.unlock) entry.bytes = await writeSealed(this.path(entry, "snapshot"), snapshot);
    } catch (error) {
      this.options.onFault(
        new PipelineError(
          "SPOOL_UNWRITABLE",
          `a snapshot of ${source} is kept in memory only: ${messageOf(error)}`,
          { cause: error },
        ),
      );
    }
    if (entry.bytes === 0) {
      entry.snapshot = snapshot;
      entry.bytes = Buffer.byteLength(JSON.stringify(snapshot));
    }
    this.entries.push(entry);
    await this.makeRoom();
    this.wakeAll();
  }

  /** The oldest snapshot of a source, as soon as there is one; undefined once the spool is closed. */
  async next(source: string): Promise<Entry | undefined> {
    for (;;) {
      const entry = this.entries.find((other) => other.source === source && !other.taken);
      if (entry) {
        entry.taken = true;
        return entry;
      }
      if (this.closed) return undefined;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Its snapshot, or undefined where its file is broken, which is then put aside. */
  async read(entry: Entry): Promise<Snapshot | undefined> {
    if (entry.snapshot) return entry.snapshot;
    const path = this.path(entry, "snapshot");
    const read = await readSealed(path).catch(() => undefined);
    if (read) return read.value as Snapshot;
    await this.putAside(path);
    await this.done(entry);
    return undefined;
  }

  /** Remembers how far its delivery is, for whoever takes it up after this process. */
  async saveProgress(entry: Entry, progress: unknown): Promise<void> {
    if (!entry.snapshot) await writeSealed(this.path(entry, "progress"), progress);
  }

  /** What was saved of its delivery. */
  async progress(entry: Entry): Promise<unknown> {
    if (entry.snapshot) return undefined;
    return (await readSealed(this.path(entry, "progress")).catch(() => undefined))?.value;
  }

  /** It is delivered. */
  async done(entry: Entry): Promise<void> {
    const index = this.entries.indexOf(entry);
    if (index >= 0) this.entries.splice(index, 1);
    if (entry.snapshot) return;
    await rm(this.path(entry, "snapshot"), { force: true });
    await rm(this.path(entry, "progress"), { force: true });
  }

  /** It is not delivered, and waits again. */
  release(entry: Entry): void {
    entry.taken = false;
  }

  /** No more will be put: `next` gives what is left and then undefined. */
  close(): void {
    this.closed = true;
    this.wakeAll();
  }

  /** Lets another process have it. */
  leave(): void {
    this.unlock?.();
  }

  private async load(directory: string): Promise<void> {
    try {
      await mkdir(directory, { recursive: true });
      this.unlock = await lockDirectory(directory);
    } catch (error) {
      if (error instanceof PipelineError && error.code === "SPOOL_IN_USE") throw error;
      const failure = `the spool ${directory} cannot be written to: ${messageOf(error)}`;
      this.options.onFault(new PipelineError("SPOOL_UNWRITABLE", failure, { cause: error }));
      return;
    }
    for (const name of (await readdir(directory)).sort()) {
      const id = Number(NAME.exec(name)?.[1] ?? 0);
      if (id === 0) continue;
      this.nextId = id + 1;
      const read = await readSealed(join(directory, name)).catch(() => undefined);
      if (!read) {
        await this.putAside(join(directory, name));
        continue;
      }
      const { source, records } = read.value as Snapshot;
      const { bytes } = read;
      this.entries.push({ id, source, records: records.length, bytes, taken: false });
    }
    await this.makeRoom();
  }

  private async makeRoom(): Promise<void> {
    const { maxBytes = 67_108_864, onDrop } = this.options;
    while (this.bytes > maxBytes && this.entries.length > 1) {
      const oldest = this.entries.find((entry) => !entry.taken);
      if (!oldest) return;
      await this.done(oldest);
      onDrop(oldest);
    }
  }

  private async putAside(path: string): Promise<void> {
    await rename(path, `${path}.corrupt`).catch(() => undefined);
    this.options.onFault(
      new PipelineError("SPOOL_CORRUPT", `${path} is not as it was written, and is put aside`),
    );
  }

  private path({ id }: Entry, kind: "snapshot" | "progress"): string {
    return join(this.options.directory ?? "", `${String(id).padStart(15, "0")}.${kind}`);
  }

  private wakeAll(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
