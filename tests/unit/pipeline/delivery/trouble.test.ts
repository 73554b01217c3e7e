import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Trouble } from "../../../../pipeline/delivery/trouble";
import { PipelineError } from "../../../../pipeline/errors";
import { createLog } from "../../../../pipeline/log";

const away = new PipelineError("KAFKA_UNREACHABLE", "no answer");
const missing = new PipelineError("KAFKA_TOPIC_MISSING", "there is no topic top");

function made() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog("info", "json", (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  });
  return { trouble: new Trouble(log, { topic: "top" }), lines };
}

describe("Trouble", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tells an outage in one line, and again each minute", () => {
    const { trouble, lines } = made();
    for (let failures = 1; failures <= 25; failures++) {
      trouble.tell(away, failures, 5_000);
      vi.advanceTimersByTime(5_000);
    }
    expect(lines.map(({ failures }) => failures)).toEqual([1, 13, 25]);
    expect(lines[0]).toMatchObject({
      level: 40,
      topic: "top",
      code: "KAFKA_UNREACHABLE",
      retryInMs: 5_000,
      msg: "waiting for Kafka: no answer",
    });
  });

  it("tells at once where it fails in another way, or anew", () => {
    const { trouble, lines } = made();
    trouble.tell(away, 1, 100);
    trouble.tell(missing, 2, 100);
    trouble.tell(missing, 3, 100);
    trouble.tell(missing, 1, 100);
    expect(lines.map(({ code, failures }) => [code, failures])).toEqual([
      ["KAFKA_UNREACHABLE", 1],
      ["KAFKA_TOPIC_MISSING", 2],
      ["KAFKA_TOPIC_MISSING", 1],
    ]);
  });
});
