import { describe, expect, it } from "vitest";
import { runLane, type LaneArgs } from "../../../../pipeline/delivery/lane";
import type { Marks, Outlet } from "../../../../pipeline/delivery/outlet";
import { planMessages, type PlacedMessage } from "../../../../pipeline/delivery/plan";
import { PipelineError } from "../../../../pipeline/errors";
import { encoderOf } from "../../../../pipeline/format/format";
import type { DeliveryReport } from "../../../../pipeline/kafka/report";
import { createLog } from "../../../../pipeline/log";
import type { Snapshot } from "../../../../pipeline/source/source";
import { Spool } from "../../../../pipeline/spool/spool";
import { Status } from "../../../../pipeline/status";
import type { Row, Table } from "../../../../pipeline/table";

const table: Table = {
  name: "games",
  key: "game_id",
  columns: [
    { name: "game_id", type: "UInt32" },
    { name: "fetch_time", type: "DateTime" },
  ],
};
const unreachable = () => new PipelineError("KAFKA_UNREACHABLE", "no answer", { canRetry: true });

/** A topic in memory. */
class MemoryOutlet implements Outlet {
  readonly log: PlacedMessage[] = [];
  /** Errors that the next openings end with. */
  failures: Error[] = [];
  /** Keys that the broker refuses. */
  refused = new Set<string>();
  alreadyStored = new Map<number, number>();
  isAbandoned = false;

  async open(): Promise<number> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    return 2;
  }

  marks(): Marks {
    return {
      producerId: "7",
      epoch: 0,
      marks: [{ partition: 0, done: 0, from: "0", sequence: 0 }],
    };
  }

  async stored(): Promise<Map<number, number>> {
    return this.alreadyStored;
  }

  async send(messages: readonly PlacedMessage[]): Promise<DeliveryReport[]> {
    return messages.map((message): DeliveryReport => {
      const base = {
        topic: "top",
        partition: message.partition,
        records: 1,
        bytes: 9,
        latencyMs: 1,
      };
      const error = this.isAbandoned
        ? new PipelineError("STOPPED", "stopped")
        : this.refused.has(message.key)
          ? new PipelineError("KAFKA_REFUSED", "too large")
          : undefined;
      if (error) return { ...base, error };
      return { ...base, baseOffset: BigInt(this.log.push(message) - 1) };
    });
  }

  abandon(): void {
    this.isAbandoned = true;
  }

  async close(): Promise<void> {
    return undefined;
  }
}

function rows(...ids: number[]): Row[] {
  return ids.map((id) => ({ game_id: id, fetch_time: "2026-02-24 10:00:00" }));
}

function snapshot(...ids: number[]): Snapshot {
  const fetchTime = "2026-02-24 10:00:00";
  return { source: "games", topic: "top", fetchTime, records: rows(...ids), problems: [] };
}

function made(more: Partial<LaneArgs> = {}) {
  const outlet = new MemoryOutlet();
  const lines: Record<string, unknown>[] = [];
  const spool = new Spool({ onDrop: () => undefined, onFault: () => undefined });
  const status = new Status("steam", "games", spool);
  const args: LaneArgs = {
    source: { name: "games", table },
    spool,
    outlet,
    encode: encoderOf("JSONEachRow", table),
    recordsPerMessage: 1,
    partitioner: (partitions) => (key) => Number(key) % partitions,
    status,
    log: createLog("info", "json", (line) => lines.push(JSON.parse(line) as never)),
    firstBackoffMs: 1,
    ...more,
  };
  const giveUp = new AbortController();
  return { args, outlet, spool, status, lines, giveUp };
}

describe("runLane", () => {
  it("delivers snapshots in their order until the spool is closed, with one line for each", async () => {
    const { args, outlet, spool, status, lines, giveUp } = made();
    await spool.put(snapshot(1, 2));
    await spool.put(snapshot(3));
    spool.close();
    await runLane(args, giveUp.signal);
    expect(outlet.log.map(({ key, partition }) => [key, partition])).toEqual([
      ["1", 1],
      ["2", 0],
      ["3", 1],
    ]);
    expect(spool.snapshots).toBe(0);
    expect(status.report()).toMatchObject({ recordsAcked: 3, recordsFailed: 0, recordsQueued: 0 });
    expect(lines.map(({ msg, records }) => [msg, records])).toEqual([
      ["delivered", 2],
      ["delivered", 1],
    ]);
  });

  it("tries again for ever where the topic cannot be reached, and lets nothing overtake", async () => {
    const { args, outlet, spool, status, lines, giveUp } = made();
    outlet.failures = [unreachable(), unreachable(), unreachable()];
    await spool.put(snapshot(1));
    await spool.put(snapshot(2));
    spool.close();
    await runLane(args, giveUp.signal);
    expect(outlet.log.map(({ key }) => key)).toEqual(["1", "2"]);
    expect(lines.filter(({ msg }) => msg === "waiting for Kafka: no answer")).toHaveLength(1);
    expect(status.unready()).not.toBe("no answer");
  });

  it("reports what the broker refuses for good, and goes on with the rest", async () => {
    const { args, outlet, spool, status, lines, giveUp } = made();
    outlet.refused.add("2");
    await spool.put(snapshot(1, 2, 3));
    spool.close();
    await runLane(args, giveUp.signal);
    expect(outlet.log.map(({ key }) => key).sort()).toEqual(["1", "3"]);
    expect(status.report()).toMatchObject({ recordsAcked: 2, recordsFailed: 1 });
    expect(lines.map(({ msg }) => msg)).toEqual(["too large", "delivered"]);
  });

  it("leaves in the spool what is not acknowledged when it has to give up", async () => {
    const { args, outlet, spool, giveUp } = made();
    outlet.failures = Array.from({ length: 100 }, unreachable);
    await spool.put(snapshot(1));
    spool.close();
    setTimeout(() => giveUp.abort(), 20);
    await runLane(args, giveUp.signal);
    expect(outlet.log).toEqual([]);
    expect(spool.snapshots).toBe(1);
  });

  it("ends where another producer has taken its place", async () => {
    const { args, outlet, spool, giveUp } = made();
    outlet.failures = [new PipelineError("KAFKA_FENCED", "another producer")];
    await spool.put(snapshot(1));
    await expect(runLane(args, giveUp.signal)).rejects.toMatchObject({ code: "KAFKA_FENCED" });
    expect(spool.snapshots).toBe(1);
  });

  it("leaves out what an earlier delivery of the same snapshot has stored", async () => {
    const { args, outlet, spool, lines, giveUp } = made();
    // What a process that was killed has left: its progress, and two messages of partition 0.
    spool.progress = async () => ({
      partitions: 2,
      messages: 4,
      producerId: "7",
      epoch: 0,
      marks: [],
    });
    outlet.alreadyStored = new Map([[0, 2]]);
    await spool.put(snapshot(2, 1, 4, 6));
    spool.close();
    await runLane(args, giveUp.signal);
    expect(outlet.log.map(({ key }) => key).sort()).toEqual(["1", "6"]);
    expect(lines[0]).toMatchObject({
      records: 2,
      msg: "found in the topic from an earlier delivery",
    });
  });

  it("does not compare with a delivery whose messages were made otherwise", async () => {
    const { args, outlet, spool, giveUp } = made();
    spool.progress = async () => ({
      partitions: 3,
      messages: 4,
      producerId: "7",
      epoch: 0,
      marks: [],
    });
    outlet.alreadyStored = new Map([[0, 2]]);
    await spool.put(snapshot(2, 1, 4, 6));
    spool.close();
    await runLane(args, giveUp.signal);
    expect(outlet.log).toHaveLength(4);
  });

  it("counts records, not messages, where a message holds several", async () => {
    const { args, spool, status, giveUp } = made({ recordsPerMessage: 3 });
    await spool.put(snapshot(1, 2, 3, 4, 5, 6, 7));
    spool.close();
    await runLane(args, giveUp.signal);
    expect(status.report().recordsAcked).toBe(7);
  });
});

describe("planMessages", () => {
  const plan = (recordsPerMessage: number) =>
    planMessages(rows(1, 2, 3, 4, 5), {
      table,
      encode: encoderOf("JSONEachRow", table),
      recordsPerMessage,
      partitionOf: (key) => Number(key) % 2,
    });

  it("makes one message of each record, by default", () => {
    expect(plan(1).map(({ key, records }) => [key, records])).toEqual([
      ["1", 1],
      ["2", 1],
      ["3", 1],
      ["4", 1],
      ["5", 1],
    ]);
  });

  it("packs records of one partition, in their order, under the key of the first", () => {
    expect(
      plan(2).map(({ partition, key, records, value }) => [partition, key, records, value]),
    ).toEqual([
      [
        1,
        "1",
        2,
        rows(1, 3)
          .map((row) => JSON.stringify(row))
          .join("\n"),
      ],
      [
        0,
        "2",
        2,
        rows(2, 4)
          .map((row) => JSON.stringify(row))
          .join("\n"),
      ],
      [1, "5", 1, JSON.stringify(rows(5)[0])],
    ]);
  });
});
