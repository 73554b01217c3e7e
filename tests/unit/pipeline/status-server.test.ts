import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../pipeline/errors";
import type { Snapshot } from "../../../pipeline/source/source";
import { Status } from "../../../pipeline/status";
import { createStatusServer } from "../../../pipeline/status-server";
import type { ProducerStatus } from "../../../tools/lib/status/observation";
import { listen } from "./listen";

const snapshot: Snapshot = {
  source: "steam-top-games",
  topic: "top",
  fetchTime: "2026-02-24 10:00:00",
  records: [{ game_id: 1 }],
  problems: ["ranking: response.ranks[1]: app 730 is there twice"],
};
const spool = { snapshots: 2, records: 200, bytes: 3000 };
const made = () => new Status("simulated", "steam-top-games", spool);
const stored = { topic: "top", partition: 1, records: 3, bytes: 300, latencyMs: 20 };

async function served(status: Status) {
  const url = await listen(createStatusServer(status));
  return async (path: string) => {
    const response = await fetch(url + path);
    return { code: response.status, text: await response.text() };
  };
}

describe("Status", () => {
  it("is not ready before a poll and a delivery, and is after both", () => {
    const status = made();
    expect(status.unready()).toBe("nothing has been polled yet");
    status.polled(snapshot);
    expect(status.unready()).toBe("nothing has been delivered yet");
    status.reported({ ...stored, baseOffset: 7n }, 3);
    expect(status.unready()).toBeUndefined();
  });

  it("is not ready while Kafka or the source fails, and says why", () => {
    const status = made();
    status.polled(snapshot);
    status.reported({ ...stored, baseOffset: 7n }, 3);
    status.deliveryFailed(new Error("Kafka cannot be reached"));
    expect(status.unready()).toBe("Kafka cannot be reached");
    status.reported({ ...stored, baseOffset: 10n }, 3);
    expect(status.unready()).toBeUndefined();
    status.pollFailed("steam-top-games", new Error("no answer"));
    expect(status.unready()).toBe("no answer");
  });

  it("does not mind a source that the first one does without", () => {
    const status = made();
    status.polled(snapshot);
    status.reported({ ...stored, baseOffset: 7n }, 3);
    status.pollFailed("steam-game-details", new Error("no answer"));
    expect(status.unready()).toBeUndefined();
  });

  it("sums records up by topic and partition, not messages", () => {
    const status = made();
    status.reported({ ...stored, baseOffset: 7n }, 30);
    status.reported({ ...stored, partition: 2, baseOffset: -1n }, 20);
    status.reported({ ...stored, error: new PipelineError("KAFKA_REFUSED", "too large") }, 1);
    expect(status.report()).toMatchObject({
      recordsAcked: 50,
      recordsFailed: 1,
      recordsQueued: 200,
      topics: { top: { partitions: { 1: { acked: 30, lastOffset: "9" }, 2: { acked: 20 } } } },
    });
  });
});

describe("the status server", () => {
  it("shows what the stack's own status reads", async () => {
    const status = made();
    status.polled(snapshot);
    status.reported({ ...stored, baseOffset: 0n }, 3);
    status.delivered(snapshot);
    const get = await served(status);
    const shown = JSON.parse((await get("/status")).text) as ProducerStatus;
    expect(shown).toMatchObject({
      source: "simulated",
      lastPollAt: expect.any(String) as string,
      lastPollError: null,
      polls: 1,
      recordsAcked: 3,
      recordsFailed: 0,
      recordsDropped: 0,
      lastDeliveredAt: expect.any(String) as string,
    } satisfies Record<keyof ProducerStatus, unknown>);
  });

  it("answers that it lives, and whether it is ready", async () => {
    const status = made();
    const get = await served(status);
    expect(await get("/healthz")).toMatchObject({ code: 200 });
    expect(await get("/readyz")).toMatchObject({ code: 503, text: expect.stringContaining("polled") as string }); // prettier-ignore
    status.polled(snapshot);
    status.delivered(snapshot);
    expect(await get("/readyz")).toMatchObject({ code: 200 });
    expect(await get("/nothing")).toMatchObject({ code: 404 });
  });

  it("has its own figures as JSON lines, without Node's and without a histogram's buckets", async () => {
    const status = made();
    status.polled(snapshot);
    status.reported({ ...stored, baseOffset: 0n }, 3);
    const { text } = await (await served(status))("/figures");
    const figures = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(figures).toEqual(
      expect.arrayContaining([
        { name: "polls_total", subject: "steam-top-games", detail: "ok", value: 1 },
        { name: "records_total", subject: "top", detail: "acked", value: 3 },
        { name: "recent_delivery_seconds", subject: "top", detail: "0.99", value: 0.02 },
        { name: "delivery_seconds_count", subject: "top", detail: "", value: 1 },
        { name: "spool_records", subject: "", detail: "", value: 200 },
      ]),
    );
    expect(text).not.toMatch(/_bucket|nodejs_|process_/);
  });

  it("has figures for Prometheus", async () => {
    const status = made();
    status.polled(snapshot);
    status.pollFailed("steam-top-games", new PipelineError("HTTP_TIMEOUT", "no answer"));
    status.reported({ ...stored, baseOffset: 0n }, 3);
    status.delivered(snapshot);
    status.dropped({ id: 1, source: "steam-top-games", records: 100, bytes: 9, taken: false });
    status.circuit("api.steampowered.com", "open");
    const { text } = await (await served(status))("/metrics");
    for (const line of [
      'polls_total{source="steam-top-games",outcome="ok"} 1',
      'polls_total{source="steam-top-games",outcome="failed"} 1',
      'poll_problems_total{source="steam-top-games"} 1',
      'records_total{topic="top",outcome="acked"} 3',
      'bytes_total{topic="top"} 300',
      'dropped_records_total{source="steam-top-games"} 100',
      'errors_total{kind="HTTP_TIMEOUT"} 1',
      'errors_total{kind="SPOOL_FULL"} 1',
      'delivery_seconds_bucket{le="0.025",topic="top"} 1',
      'http_circuit_open{host="api.steampowered.com"} 1',
      "spool_snapshots 2",
      "spool_records 200",
      "spool_bytes 3000",
    ])
      expect(text).toContain(`\nsteamline_producer_${line}\n`);
    expect(text).toMatch(/\nsteamline_producer_last_success_timestamp_seconds\{what="top"\} \d+/);
  });
});
