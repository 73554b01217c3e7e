import { describe, expect, it } from "vitest";
import { loadCodec } from "../../../../pipeline/kafka/codec";
import { Batch, PartitionQueue } from "../../../../pipeline/kafka/partition-queue";
import { BatchBuilder, recordsIn } from "../../../../pipeline/kafka/record-batch";
import { splitRecords } from "../../../../pipeline/kafka/split";

async function batchOf(count: number): Promise<Batch> {
  const builder = new BatchBuilder(100);
  for (let i = 0; i < count; i++) builder.append(`${i}`, `value ${i}`);
  const codec = await loadCodec("none");
  return new Promise((resolve) => {
    const batch: Batch = new Batch(builder, codec, () => resolve(batch));
  });
}

async function queueOf(...counts: number[]): Promise<{ queue: PartitionQueue; batches: Batch[] }> {
  const queue = new PartitionQueue("top", 0);
  const batches = await Promise.all(counts.map(batchOf));
  queue.waiting.push(...batches);
  return { queue, batches };
}

/** The same after a first batch of one record, which the broker has. */
async function knownQueueOf(...counts: number[]) {
  const { queue, batches } = await queueOf(1, ...counts);
  queue.take();
  queue.stored(batches[0]!, 39n);
  return { queue, batches: batches.slice(1) };
}

describe("PartitionQueue", () => {
  it("numbers batches one after the other, by their records", async () => {
    const { queue } = await knownQueueOf(3, 5, 2);
    expect([queue.take(), queue.take(), queue.take()].map((t) => t?.sequence)).toEqual([1, 4, 9]);
    expect(queue.take()).toBeUndefined();
    expect(queue.sequence).toBe(11);
  });

  it("waits for the first answer, as a broker takes any number from a producer it does not know", async () => {
    const { queue, batches } = await queueOf(3, 5, 2);
    expect(queue.take()?.sequence).toBe(0);
    expect(queue.take()).toBeUndefined();
    queue.stored(batches[0]!, 0n);
    expect([queue.take(), queue.take()].map((t) => t?.sequence)).toEqual([3, 8]);
    queue.requeue();
    queue.startAnew();
    expect([queue.take()?.sequence, queue.take()?.sequence]).toEqual([0, undefined]);
  });

  it("sends again under the same numbers, in the same order", async () => {
    const { queue, batches } = await knownQueueOf(3, 5);
    queue.take();
    queue.take();
    queue.requeue();
    expect(queue.take()).toMatchObject({ batch: batches[0], sequence: 1 });
    expect(queue.take()).toMatchObject({ batch: batches[1], sequence: 4 });
  });

  it("sends nothing more after an answer that a batch is not stored", async () => {
    const { queue } = await knownQueueOf(3, 5);
    queue.take();
    queue.broken = true;
    expect(queue.take()).toBeUndefined();
    queue.requeue();
    expect(queue.take()?.sequence).toBe(1);
  });

  it("gives the numbers of a refused batch to those after it", async () => {
    const { queue, batches } = await knownQueueOf(3, 5, 2);
    for (let i = 0; i < 3; i++) queue.take();
    queue.stored(batches[0]!, 40n);
    queue.requeue();
    queue.refused(batches[1]!);
    expect(queue.take()).toMatchObject({ batch: batches[2], sequence: 4 });
    expect(queue.knownEnd).toBe(43n);
  });

  it("puts the parts of a batch that is too large in its place", async () => {
    const { queue, batches } = await knownQueueOf(5, 2);
    queue.take();
    queue.requeue();
    const parts = [await batchOf(3), await batchOf(2)];
    queue.refused(batches[0]!, parts);
    expect(
      [queue.take(), queue.take(), queue.take()].map((t) => [t?.batch.count, t?.sequence]),
    ).toEqual([
      [3, 1],
      [2, 4],
      [2, 6],
    ]);
  });

  it("starts its numbers anew after the last that fits into the protocol", async () => {
    const { queue } = await knownQueueOf(10, 1);
    queue.renumber(2 ** 31 - 4);
    expect(queue.take()?.sequence).toBe(2 ** 31 - 4);
    expect(queue.take()?.sequence).toBe(6);
  });
});

describe("splitRecords", () => {
  it("halves a batch, and gives nothing where there is a single record", async () => {
    const parts = splitRecords(await batchOf(5));
    const codec = await loadCodec("none");
    const values = await Promise.all(
      parts.map(async (part) =>
        recordsIn((await part.seal(codec)).records).map(({ value }) => value.toString()),
      ),
    );
    expect(values).toEqual([
      ["value 0", "value 1", "value 2"],
      ["value 3", "value 4"],
    ]);
    expect(splitRecords(await batchOf(1))).toEqual([]);
  });
});
