import { open, stat } from "node:fs/promises";
import { statSync } from "node:fs";

/** What a query read, as the engine's log tells it. */
export interface ReadFigures {
  rows: number;
  bytes: number;
}

/** Longest part of the log that is read at a time. */
const CHUNK_BYTES = 4 * 2 ** 20;
/** Queries that nobody asks about: the door's own, and those that failed. */
const KEPT = 5_000;
const UNITS: Record<string, number> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const STARTED = /\{([\w-]+)\} <Debug> executeQuery: .*\/\* (door:\d+) \*\//;
const READ = /\{([\w-]+)\} <Debug> executeQuery: Read (\d+) rows, ([\d.]+) (\w+) in /;

/** Follows the engine's log, the only place where it tells what a query read. */
export class EngineLog {
  private offset: number;
  private inode: number;
  private rest = "";
  private readonly marks = new Map<string, string>();
  private readonly figures = new Map<string, ReadFigures>();
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {
    const now = statSync(file, { throwIfNoEntry: false });
    this.offset = now?.size ?? 0;
    this.inode = now?.ino ?? 0;
  }

  /** Figures of the query marked `name`, once; undefined where the log does not tell them. */
  async take(name: string): Promise<ReadFigures | undefined> {
    this.reading = this.reading.then(() => this.read()).catch(() => undefined);
    await this.reading;
    const found = this.figures.get(name);
    this.figures.delete(name);
    return found;
  }

  private async read(): Promise<void> {
    const now = await stat(this.file);
    // The engine has begun a new file.
    if (now.ino !== this.inode || now.size < this.offset) {
      this.offset = 0;
      this.inode = now.ino;
      this.rest = "";
    }
    const file = await open(this.file);
    try {
      while (this.offset < now.size) {
        const length = Math.min(CHUNK_BYTES, now.size - this.offset);
        const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, this.offset);
        if (bytesRead === 0) return;
        this.offset += bytesRead;
        this.follow(buffer.subarray(0, bytesRead).toString("latin1"));
      }
    } finally {
      await file.close();
    }
  }

  /** Takes a further piece of the log's text. */
  private follow(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const read = READ.exec(line);
      if (read) this.ended(read);
      else {
        const [, id, mark] = STARTED.exec(line) ?? [];
        if (id !== undefined && mark !== undefined) remember(this.marks, id, mark);
      }
    }
  }

  private ended([, id = "", rows, amount, unit = ""]: RegExpExecArray): void {
    const mark = this.marks.get(id);
    if (mark === undefined) return;
    this.marks.delete(id);
    const bytes = Math.round(Number(amount) * (UNITS[unit] ?? 1));
    remember(this.figures, mark, { rows: Number(rows), bytes });
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size <= KEPT) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
