import type { KafkaAccess } from "../../../pipeline/kafka/access";
import { load } from "../../../infra/load";
import type * as readBack from "../audit/read-back";

/** So few offsets are looked at one by one. More are hardly all marks, and soon others. */
const LOOKED_AT = 10;

/** What lies between a group and a partition's end. */
export interface Stretch {
  partition: number;
  /** Offset that the group reads next, or -1 where it has confirmed none. */
  committed: number;
  /** Offset that the next message gets. */
  end: number;
  /** Messages that are kept. */
  messages: number;
}

/**
 * How many messages of each partition a group has still to read. The mark that ends a transaction has an offset too,
 * which nobody reads or confirms: the last few offsets are looked at, so that it does not count for ever.
 */
export async function unreadIn(
  kafka: KafkaAccess,
  topic: string,
  stretches: readonly Stretch[],
): Promise<{ partition: number; lag: number }[]> {
  const lags = stretches.map((one) => ({
    ...one,
    lag: one.committed < 0 ? one.messages : Math.max(0, one.end - one.committed),
  }));
  const few = lags.filter(({ committed, lag }) => committed >= 0 && lag > 0 && lag <= LOOKED_AT);
  if (few.length > 0) {
    // Loaded only here: a status mostly finds nothing that waits.
    const { LogReader } = load<typeof readBack>(__filename, "../audit/read-back.ts");
    const reader = new LogReader(kafka);
    try {
      for (const one of few) {
        const range = { first: one.committed, last: one.end - 1 };
        const found = await reader.read(topic, one.partition, [range]);
        one.lag -= found.filter(({ control, aborted }) => control || aborted).length;
      }
    } finally {
      reader.close();
    }
  }
  return lags.map(({ partition, lag }) => ({ partition, lag }));
}
