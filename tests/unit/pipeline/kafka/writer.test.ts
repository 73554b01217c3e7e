import { describe, expect, it, onTestFinished } from "vitest";
import type { BatchClient } from "../../../../pipeline/kafka/client";
import type { BatchBuilder } from "../../../../pipeline/kafka/record-batch";
import { Writer, type WriterOptions } from "../../../../pipeline/kafka/writer";

interface Enqueued {
  topic: string;
  partition: number;
  builder: BatchBuilder;
}

function made(options: WriterOptions) {
  const enqueued: Enqueued[] = [];
  const client: Pick<BatchClient, "enqueue" | "drained"> = {
    enqueue: (topic, partition, builder) => void enqueued.push({ topic, partition, builder }),
    drained: async () => undefined,
  };
  const writer = new Writer(client, options);
  onTestFinished(() => writer.stop());
  const report = ({ topic, partition, builder }: Enqueued) =>
    writer.reported({
      topic,
      partition,
      records: builder.count,
      bytes: builder.bytes,
      latencyMs: 1,
    });
  return { writer, enqueued, report };
}

describe("Writer", () => {
  it("sends a batch once it is full, each partition's by itself", () => {
    const { writer, enqueued } = made({ batchBytes: 300 });
    for (let i = 0; i < 7; i++) void writer.write("top", i % 2, "key", "x".repeat(100));
    expect(enqueued.map(({ partition, builder }) => [partition, builder.count])).toEqual([
      [0, 3],
      [1, 3],
    ]);
  });

  it("sends what is gathered after a while, full or not", async () => {
    const { writer, enqueued } = made({ lingerMs: 10 });
    void writer.write("top", 0, "key", "value");
    await expect.poll(() => enqueued.length).toBe(1);
  });

  it("sends what is gathered when told to", async () => {
    const { writer, enqueued } = made({ lingerMs: 60_000 });
    void writer.write("top", 0, "key", "value");
    void writer.write("other", 0, "key", "value");
    await writer.flush();
    expect(enqueued.map(({ topic }) => topic)).toEqual(["top", "other"]);
  });

  it("has whoever writes wait while its memory is full, until an answer frees some", async () => {
    const { writer, enqueued, report } = made({ batchBytes: 1_000, bufferBytes: 3_000 });
    let waiting: Promise<void> | undefined;
    let written = 0;
    while (!waiting) {
      waiting = writer.write("top", 0, "key", "x".repeat(100));
      written++;
    }
    expect(writer.bytes).toBeGreaterThanOrEqual(3_000);
    expect(writer.bytes).toBeLessThan(3_200);
    // All of it is on its way: nothing is kept back that an answer could wait for.
    expect(enqueued.reduce((sum, { builder }) => sum + builder.count, 0)).toBe(written);
    let isFree = false;
    void waiting.then(() => (isFree = true));
    await Promise.resolve();
    expect(isFree).toBe(false);
    report(enqueued.shift()!);
    await waiting;
    enqueued.forEach(report);
    expect(writer.bytes).toBe(0);
  });
});
