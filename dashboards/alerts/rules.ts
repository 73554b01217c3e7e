import { uids, type BoardOptions } from "../board";
import type { QueryName } from "../queries";

/** From where on a stack's alerts fire. */
export interface AlertThresholds {
  /** Polls that may be due and missing. */
  stalePolls: number;
  /** Messages of a topic that may wait in Kafka. */
  lagMessages: number;
  /** Messages of an hour that may be unreadable. */
  badMessages: number;
  /** Percent of a disk that has to be free. */
  diskFreePercent: number;
}

/** One alert, in the terms of this pipeline. */
export interface Rule {
  uid: string;
  title: string;
  query: Extract<QueryName, `alerts/${string}`>;
  fires: "above" | "below";
  threshold: number;
  /** Seconds before now that the query's time filter lets through. */
  windowSeconds: number;
  /** Seconds that it has to be so. */
  forSeconds: number;
  /** What a query without rows means. */
  noData: "OK" | "Alerting";
  severity: "critical" | "warning";
  summary: string;
  /** What to do. */
  description: string;
  panel: { dashboard: string; id: number };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Visits to the store may stop for a while, as its limits are strict. */
const MISSED_TOURS = 3;
const POLLS_LOOKED_AT = 15;

/** Every alert of the pipeline. */
export function alertRules(options: BoardOptions, limits: AlertThresholds): Rule[] {
  const poll = options.pollIntervalSeconds;
  const panel = (id: number) => ({ dashboard: uids.pipeline, id });
  return [
    {
      uid: "steamline-stale",
      title: "No new poll",
      query: "alerts/stale",
      fires: "above",
      threshold: limits.stalePolls * poll,
      windowSeconds: HOUR,
      forSeconds: MINUTE,
      noData: "Alerting",
      severity: "critical",
      summary: "The newest poll in ClickHouse is too old.",
      description:
        "Run npm run status: it names the hop that stands still. If messages wait in Kafka, it is ClickHouse's consumer; if none waits, it is the producer or its source.",
      panel: panel(1),
    },
    {
      uid: "steamline-polls",
      title: "The producer misses polls",
      query: "alerts/polls",
      fires: "below",
      threshold: Math.ceil(POLLS_LOOKED_AT / 2),
      windowSeconds: POLLS_LOOKED_AT * poll,
      forSeconds: POLLS_LOOKED_AT * poll,
      noData: "OK",
      severity: "warning",
      summary: "Fewer than half of the polls that were due have arrived.",
      description:
        "Look at the producer's log with docker logs: it says why polls fail. A source that answers slowly or with errors is the usual cause.",
      panel: panel(8),
    },
    {
      uid: "steamline-producer-drops",
      title: "The producer drops records",
      query: "alerts/producer_dropped",
      fires: "above",
      threshold: 0,
      windowSeconds: HOUR,
      forSeconds: 0,
      noData: "OK",
      severity: "critical",
      summary: "The producer's spool is full, and its oldest records are dropped.",
      description:
        "Kafka has not taken records for longer than the spool can hold. Bring the broker back, which npm run up does, and give the spool more room with spoolMaxMb.",
      panel: panel(65),
    },
    {
      uid: "steamline-details-stale",
      title: "The store is not asked",
      query: "alerts/details_stale",
      fires: "above",
      threshold: MISSED_TOURS * options.detailsIntervalSeconds,
      windowSeconds: HOUR,
      forSeconds: 5 * MINUTE,
      noData: "OK",
      severity: "warning",
      summary: "No details have come from the store for a long time.",
      description:
        "Prices and reviews grow old. Look at the producer's log: the store answers 429 when it was asked too often.",
      panel: panel(5),
    },
    {
      uid: "steamline-lag",
      title: "Messages pile up in Kafka",
      query: "alerts/lag",
      fires: "above",
      threshold: limits.lagMessages,
      windowSeconds: HOUR,
      forSeconds: 5 * MINUTE,
      noData: "OK",
      severity: "warning",
      summary: "ClickHouse reads more slowly than the producer sends, or not at all.",
      description:
        "Look at the consumers and their exceptions on the linked dashboard. A table without a view does not read; a full disk or a broken view stops it.",
      panel: panel(21),
    },
    {
      uid: "steamline-bad-messages",
      title: "Unreadable messages",
      query: "alerts/bad_messages",
      fires: "above",
      threshold: limits.badMessages,
      windowSeconds: HOUR,
      forSeconds: 0,
      noData: "OK",
      severity: "warning",
      summary: "Messages came that do not fit the table.",
      description:
        "They are kept in steam_dead_letters, with the reason. npm run dead-letters tells who sends them; mend the sender, and replay them.",
      panel: panel(32),
    },
    {
      uid: "steamline-audit",
      title: "The audit is not complete",
      query: "alerts/audit",
      fires: "above",
      threshold: 0,
      windowSeconds: HOUR,
      forSeconds: 0,
      noData: "OK",
      severity: "critical",
      summary: "A message or a row is missing or repeated.",
      description:
        "The linked panel names it by partition and offset, or by key and time. Kafka still has a lost message for as long as its retention says: have it read again before that ends.",
      panel: panel(33),
    },
    {
      uid: "steamline-consumer-exceptions",
      title: "Exceptions while reading from Kafka",
      query: "alerts/consumer_exceptions",
      fires: "above",
      threshold: 0,
      windowSeconds: 10 * MINUTE,
      forSeconds: 5 * MINUTE,
      noData: "OK",
      severity: "warning",
      summary: "ClickHouse's consumer reports exceptions.",
      description:
        "Read them on the linked panel. A broker that is away mends itself when it is back; an error in a view needs its SQL mended; after a fatal one, `npm run offsets -- pause` and `resume` make the consumer anew.",
      panel: panel(25),
    },
    {
      uid: "steamline-disk",
      title: "The disk is nearly full",
      query: "alerts/disk_free",
      fires: "below",
      threshold: limits.diskFreePercent / 100,
      windowSeconds: HOUR,
      forSeconds: 5 * MINUTE,
      noData: "OK",
      severity: "critical",
      summary: "ClickHouse is about to run out of disk.",
      description:
        "Make room, lower ttlDays, or give the volume a larger disk. Inserts fail when it is full; Kafka keeps the messages until then.",
      panel: panel(42),
    },
  ];
}
