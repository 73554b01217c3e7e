import type { Snapshot } from "./source/source";

/** Snapshots on their way to Kafka, oldest first. Its memory is bounded: the newest are kept. */
export class Outbox {
  private readonly waiting: Snapshot[] = [];
  private records = 0;
  private closed = false;
  private wake: (() => void) | undefined;

  /**
   * @param maxRecords Records it holds at most.
   * @param onDrop Told of each snapshot that had to go to make room.
   */
  constructor(
    private readonly maxRecords: number,
    private readonly onDrop: (snapshot: Snapshot) => void,
  ) {}

  /** Records waiting. */
  get size(): number {
    return this.records;
  }

  put(snapshot: Snapshot): void {
    this.waiting.push(snapshot);
    this.records += snapshot.records.length;
    while (this.records > this.maxRecords && this.waiting.length > 1) {
      const dropped = this.shift();
      if (dropped) this.onDrop(dropped);
    }
    this.wake?.();
  }

  /** No more will be put: `take` gives what is left and then undefined. */
  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** The oldest snapshot, as soon as there is one. */
  async take(): Promise<Snapshot | undefined> {
    while (this.waiting.length === 0 && !this.closed)
      await new Promise<void>((resolve) => (this.wake = resolve));
    return this.shift();
  }

  private shift(): Snapshot | undefined {
    const snapshot = this.waiting.shift();
    this.records -= snapshot?.records.length ?? 0;
    return snapshot;
  }
}
