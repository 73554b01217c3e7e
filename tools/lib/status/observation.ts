import type { ClusterSize } from "../../../infra/clickhouse/cluster";
import { reason } from "../clickhouse";

/** What was seen of one part, or why it could not be looked at. */
export type Seen<T> = { ok: true; value: T } | { ok: false; reason: string };

export async function look<T>(work: Promise<T>): Promise<Seen<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, reason: reason(error) };
  }
}

/** The producer's own account of itself, as its status page gives it. */
export interface ProducerStatus {
  source: string;
  lastPollAt: string | null;
  lastPollError: string | null;
  polls: number;
  recordsAcked: number;
  recordsFailed: number;
  /** Records that had to go because Kafka was away for longer than the spool lasts. */
  recordsDropped: number;
  lastDeliveredAt: string | null;
}

export interface PartitionOffset {
  partition: number;
  /** Offset that the next message gets. */
  end: number;
  /** Messages that are kept: older ones have been removed by retention. */
  messages: number;
}

export interface Group {
  state: string;
  members: number;
  lag: { partition: number; lag: number }[];
}

export interface KafkaTable {
  consumers: number;
  /** Newest error, empty where there was none. */
  lastError: string;
  /** Seconds since that error; undefined where there was none. */
  lastErrorAge: number | undefined;
  /** Whether messages were committed since that error, or polled for some seconds without another. */
  recovered: boolean;
  messagesRead: number;
}

export interface TableRows {
  rows: number;
  /** Seconds since the newest row's time; undefined for an empty table. */
  newestAge: number | undefined;
}

/** One way from a topic to a table. */
export interface Stream {
  topic: string;
  group: string;
  kafkaTable: string;
  view: string;
  table: string;
  /** Age of the newest row in seconds above which the stream has stalled. */
  staleAfter: number;
  offsets: Seen<PartitionOffset[]>;
  consumers: Seen<Group>;
  kafka: Seen<KafkaTable | undefined>;
  viewTarget: Seen<boolean>;
  rows: Seen<TableRows>;
}

/** The servers of a cluster of ClickHouse. */
export interface Servers {
  size: ClusterSize;
  found: Seen<{
    /** Names of those that answer the first one. */
    answering: string[];
    /** Tables of which a server lacks rows. */
    behind: { host: string; name: string }[];
  }>;
}

export interface Observations {
  stack: string;
  source: string;
  /** State of each container, by its part's name: `running`, `running (unhealthy)`, `exited`, `absent`. */
  containers: Seen<Record<string, string>>;
  /** Names of the containers, by the same keys. */
  containerNames: Record<string, string>;
  /** Docker endpoints of the hosts that they are on, by the same keys. @default all on one engine */
  endpoints?: Record<string, string>;
  producer: Seen<ProducerStatus>;
  pollIntervalSeconds: number;
  /** Milliseconds since 1970. */
  now: number;
  streams: Stream[];
  hourlyRows: Seen<number>;
  deadLetters: Seen<number>;
  /** When the oldest certificate of Kafka ends, in milliseconds since 1970; undefined where there is none. */
  certificatesEnd?: number;
  /** Undefined where ClickHouse is one server. */
  servers?: Servers;
  grafana: { url: string; note: string; version: Seen<string> };
}
