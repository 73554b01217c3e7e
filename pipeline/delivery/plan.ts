import type { Encode } from "../format/format";
import type { Row, Table } from "../table";
import { keyOf } from "../table";

/** A message and where it goes. */
export interface PlacedMessage {
  partition: number;
  key: string;
  value: string | Buffer;
  /** Records in it. */
  records: number;
}

export interface PlanArgs {
  table: Table;
  encode: Encode;
  /** Records of one partition that are put into one message. */
  recordsPerMessage: number;
  partitionOf: (key: string) => number;
}

/**
 * The messages for some records, in the records' order by partition. A message of several records has the
 * key of the first.
 */
export function planMessages(records: readonly Row[], args: PlanArgs): PlacedMessage[] {
  const { table, encode, recordsPerMessage, partitionOf } = args;
  const open = new Map<number, { key: string; rows: Row[] }>();
  const messages: PlacedMessage[] = [];
  const close = (partition: number, { key, rows }: { key: string; rows: Row[] }): void => {
    messages.push({ partition, key, value: encode(rows), records: rows.length });
  };
  for (const record of records) {
    const key = keyOf(table, record);
    const partition = partitionOf(key);
    const message = open.get(partition) ?? { key, rows: [] };
    open.set(partition, message);
    message.rows.push(record);
    if (message.rows.length < recordsPerMessage) continue;
    close(partition, message);
    open.delete(partition);
  }
  for (const [partition, message] of open) close(partition, message);
  return messages;
}
