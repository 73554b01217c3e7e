import { z } from "zod";
import { look, type Seen } from "../status/observation";

const TIMEOUT_MS = 4_000;

const schema = z.object({
  startedAt: z.string(),
  recordsAcked: z.number(),
  recordsFailed: z.number(),
  recordsDropped: z.number(),
  recordsQueued: z.number(),
  topics: z.record(
    z.string(),
    z.object({
      acked: z.number(),
      partitions: z.record(z.string(), z.object({ acked: z.number(), lastOffset: z.string() })),
    }),
  ),
});

/** What the producer says of itself, since it started. */
export type ProducerReport = z.infer<typeof schema>;

/** The producer's own report, or why there is none. */
export function readProducer(url: string | undefined): Promise<Seen<ProducerReport>> {
  const asked = async (): Promise<ProducerReport> => {
    if (url === undefined) throw new Error("there is none");
    const response = await fetch(`${url}/status`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return schema.parse(await response.json());
  };
  return look(asked());
}

/** Offsets that Kafka acknowledged to the producer and does not have: the partition ends before them. */
export function acknowledgedBeyond(
  report: ProducerReport,
  topic: string,
  ends: ReadonlyMap<number, number>,
): { partition: number; acknowledged: number; end: number }[] {
  const partitions = Object.entries(report.topics[topic]?.partitions ?? {});
  return partitions.flatMap(([name, { lastOffset }]) => {
    const [partition, acknowledged] = [Number(name), Number(lastOffset)];
    const end = ends.get(partition) ?? 0;
    return lastOffset !== "" && acknowledged >= end ? [{ partition, acknowledged, end }] : [];
  });
}
