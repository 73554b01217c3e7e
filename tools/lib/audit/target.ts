import type { KafkaAccess } from "../../../pipeline/kafka/access";

/** One way from a topic to a table, as the audit follows it. */
export interface AuditStream {
  topic: string;
  group: string;
  /** The table that rows end in, by whose name the ledger knows it. */
  table: string;
  /** Number that is a row's key together with its fetch_time. */
  keyColumn: string;
}

/** Rows of a query, asked as one who may also write the ledger. @throws UserError with ClickHouse's words */
export type Ask = <T>(sql: string) => Promise<T[]>;

/** What an audit needs to reach. */
export interface AuditTarget {
  kafka: KafkaAccess;
  streams: readonly AuditStream[];
  ask: Ask;
  /** Status page of the producer; undefined where there is none. */
  producerUrl: string | undefined;
  /** Days back, by fetch_time, for which rows are held against their keys. */
  days: number;
}
