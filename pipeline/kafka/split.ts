import type { Batch } from "./partition-queue";
import { BatchBuilder, recordsIn } from "./record-batch";

/** The two halves of a batch that is too large, or nothing where it holds a single record. */
export function splitRecords({ sealed }: Batch): BatchBuilder[] {
  if (!sealed || sealed.count < 2) return [];
  const records = recordsIn(sealed.records);
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)].map((half) => {
    const builder = new BatchBuilder(sealed.records.length / 2);
    for (const { key, value } of half) builder.append(key.toString(), value);
    return builder;
  });
}
