import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  Summary,
  collectDefaultMetrics,
  type MetricValueWithName,
} from "prom-client";
import type { CircuitState } from "./http/circuit";
import type { DeliveryReport } from "./kafka/report";
import type { Spool } from "./spool/spool";

const PREFIX = "steamline_producer_";
/** Time that quantiles look back at. */
const RECENT_SECONDS = 60;
const LATENCY_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600];

/** One figure, with its labels by their places. */
interface Figure {
  name: string;
  /** The source, topic, host or kind of error; empty where there is none. */
  subject: string;
  /** The outcome or the quantile; empty where there is none. */
  detail: string;
  value: number;
}

/** Figures in Prometheus's form. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly polls = this.counter("polls_total", "Polls, by outcome", ["source", "outcome"]);
  private readonly problems = this.counter(
    "poll_problems_total",
    "Parts of answers that were left out",
    ["source"],
  );
  private readonly records = this.counter("records_total", "Records sent, by outcome", [
    "topic",
    "outcome",
  ]);
  private readonly droppedRecords = this.counter(
    "dropped_records_total",
    "Records dropped, oldest first, because the spool was full",
    ["source"],
  );
  private readonly bytes = this.counter(
    "bytes_total",
    "Bytes of records acknowledged, before compression",
    ["topic"],
  );
  private readonly errors = this.counter("errors_total", "Failures, by kind", ["kind"]);
  private readonly latency = new Histogram({
    name: `${PREFIX}delivery_seconds`,
    help: "From a batch's first record to its acknowledgement",
    labelNames: ["topic"],
    buckets: LATENCY_SECONDS,
    registers: [this.registry],
  });
  private readonly recentLatency = new Summary({
    name: `${PREFIX}recent_delivery_seconds`,
    help: `The same, over the last ${RECENT_SECONDS} seconds`,
    labelNames: ["topic"],
    percentiles: [0.5, 0.99],
    maxAgeSeconds: RECENT_SECONDS,
    ageBuckets: 4,
    registers: [this.registry],
  });
  private readonly lastSuccess = this.gauge(
    "last_success_timestamp_seconds",
    "When a source was last polled, and a topic last reached",
    ["what"],
  );
  private readonly openCircuits = this.gauge(
    "http_circuit_open",
    "1 while a host that failed is not asked",
    ["host"],
  );

  constructor(spool: Pick<Spool, "snapshots" | "records" | "bytes">) {
    const { registry } = this;
    collectDefaultMetrics({ register: registry, prefix: PREFIX });
    for (const figure of ["snapshots", "records", "bytes"] as const)
      new Gauge({
        name: `${PREFIX}spool_${figure}`,
        help: `${figure} that wait for Kafka`,
        registers: [registry],
        collect() {
          this.set(spool[figure]);
        },
      });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** The producer's own figures as JSON lines, without those of Node and without the buckets of histograms. */
  async lines(): Promise<string> {
    const metrics = await this.registry.getMetricsAsJSON();
    return metrics
      .flatMap(({ name, values }) =>
        (values as MetricValueWithName<string>[]).flatMap((value) => figureOf(name, value)),
      )
      .map((figure) => `${JSON.stringify(figure)}\n`)
      .join("");
  }

  polled(source: string, problems: number): void {
    this.polls.inc({ source, outcome: "ok" });
    this.problems.inc({ source }, problems);
    this.lastSuccess.set({ what: source }, Date.now() / 1000);
  }

  pollFailed(source: string, kind: string): void {
    this.polls.inc({ source, outcome: "failed" });
    this.errors.inc({ kind });
  }

  reported({ topic, bytes, latencyMs, error }: DeliveryReport, records: number): void {
    this.records.inc({ topic, outcome: error ? "failed" : "acked" }, records);
    if (error) return this.errors.inc({ kind: error.code });
    this.bytes.inc({ topic }, bytes);
    this.latency.observe({ topic }, latencyMs / 1000);
    this.recentLatency.observe({ topic }, latencyMs / 1000);
  }

  delivered(topic: string): void {
    this.lastSuccess.set({ what: topic }, Date.now() / 1000);
  }

  dropped(source: string, records: number): void {
    this.droppedRecords.inc({ source }, records);
    this.errors.inc({ kind: "SPOOL_FULL" });
  }

  failed(kind: string): void {
    this.errors.inc({ kind });
  }

  circuit(host: string, state: CircuitState): void {
    this.openCircuits.set({ host }, state === "closed" ? 0 : 1);
  }

  private counter<T extends string>(name: string, help: string, labelNames: T[]): Counter<T> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
  }

  private gauge<T extends string>(name: string, help: string, labelNames: T[]): Gauge<T> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
  }
}

function figureOf(
  name: string,
  { labels, value, metricName = name }: MetricValueWithName<string>,
): Figure[] {
  const figure = metricName.slice(PREFIX.length);
  if (/^(process|nodejs)_|_bucket$/.test(figure) || !Number.isFinite(value)) return [];
  const { outcome, quantile, ...rest } = labels;
  const subject = String(Object.values(rest)[0] ?? "");
  return [{ name: figure, subject, detail: String(outcome ?? quantile ?? ""), value }];
}
