import { describe, expect, it } from "vitest";
import type { Audit, PartitionAudit } from "../../../../../tools/lib/audit/audit";
import { isWhole } from "../../../../../tools/lib/audit/audit";
import { acknowledgedBeyond, type ProducerReport } from "../../../../../tools/lib/audit/producer";
import { countOf, describeRanges } from "../../../../../tools/lib/audit/ranges";
import { renderAudit } from "../../../../../tools/lib/audit/render";

const partition = (more: Partial<PartitionAudit> = {}): PartitionAudit => ({
  partition: 0,
  low: 0,
  end: 1_200,
  committed: 1_200,
  lettersFrom: 0,
  fates: { stored: 1_198, refused: 1, "null value": 1 },
  waiting: 0,
  holes: [],
  lost: [],
  lostLetters: [],
  again: undefined,
  beyond: undefined,
  ...more,
});
const report: ProducerReport = {
  startedAt: "2026-11-25T00:00:00Z",
  recordsAcked: 1_200,
  recordsFailed: 0,
  recordsDropped: 0,
  recordsQueued: 0,
  topics: { top: { acked: 1_200, partitions: { "0": { acked: 1_200, lastOffset: "1199" } } } },
};

function audited(partitions: PartitionAudit[], rows = {}, dropped = 0): Audit {
  const stream = { topic: "top", group: "g", table: "steam_top_games", keyColumn: "game_id" };
  const found = {
    stream,
    partitions,
    rows: {
      keys: 1_198,
      rows: 1_198,
      missing: [],
      missingRows: 0,
      repeatedRows: 0,
      hiddenRepeats: 0,
      ...rows,
    },
    acknowledgedBeyond: [],
  };
  return {
    checkedAt: "2026-11-25T01:00:00Z",
    complete: isWhole(found) && dropped === 0,
    streams: [found],
    producer: { ok: true, value: { ...report, recordsDropped: dropped } },
  };
}
const text = (found: Audit) => renderAudit("dev", found, 7, false);

describe("an audit in words", () => {
  it("counts what became of every message", () => {
    expect(text(audited([partition()]))).toBe(
      [
        "stack dev: complete",
        "ok  topic top              1,198 messages stored, 1 refused, 1 null value, 0 waiting",
        "ok  table steam_top_games  1,198 keys entered in 7 days, 1,198 rows there",
        "ok  producer               1,200 records acknowledged since 2026-11-25T00:00:00Z, 0 failed, 0 dropped, 0 waiting",
      ].join("\n"),
    );
  });

  it.each([
    [
      "lost messages",
      audited([
        partition({
          lost: [
            { first: 5, last: 7 },
            { first: 9, last: 9 },
          ],
        }),
      ]),
      "top partition 0: 4 messages lost, at offset 5 to 7, 9",
    ],
    [
      "a lost dead letter",
      audited([partition({ lostLetters: [{ first: 3, last: 3 }] })]),
      "top partition 0: no dead letter of 1 refused message, at offset 3",
    ],
    [
      "a ledger that is ahead of Kafka",
      audited([partition({ beyond: 2_000 })]),
      "the ledger reaches offset 2000, and Kafka ends at 1200",
    ],
    [
      "a missing row",
      audited([partition()], {
        missingRows: 1,
        missing: [{ key: 730, times: ["2026-11-25 00:00:00"] }],
      }),
      "1 row that came to be stored is not there: game_id 730 at 2026-11-25 00:00:00",
    ],
    ["repeated rows", audited([partition()], { repeatedRows: 2 }), "sees 2 rows more than once"],
    ["dropped records", audited([partition()], {}, 3), "the producer dropped 3 records"],
  ])("names %s, and is not complete", (_, found, words) => {
    expect(found.complete).toBe(false);
    expect(text(found)).toContain("stack dev: 1 finding\n");
    expect(text(found)).toContain(words);
  });

  it("is complete though messages wait, were delivered again, or the producer is not heard", () => {
    const found = audited([partition({ waiting: 3, again: { count: 2, first: 1, last: 2 } })]);
    const unheard: Audit = { ...found, producer: { ok: false, reason: "ECONNREFUSED" } };
    expect(found.complete).toBe(true);
    expect(text(unheard)).toContain("2 delivered again, 3 waiting");
    expect(text(unheard)).toContain("not heard: ECONNREFUSED");
  });
});

describe("what the producer was told", () => {
  it("lies beyond a partition's end where Kafka has lost it", () => {
    expect(acknowledgedBeyond(report, "top", new Map([[0, 1_200]]))).toEqual([]);
    expect(acknowledgedBeyond(report, "top", new Map([[0, 1_199]]))).toEqual([
      { partition: 0, acknowledged: 1_199, end: 1_199 },
    ]);
  });
});

describe("ranges", () => {
  it("are told shortly where there are many", () => {
    const many = Array.from({ length: 8 }, (_, i) => ({ first: i * 10, last: i * 10 + 1 }));
    expect(describeRanges(many)).toBe("0 to 1, 10 to 11, 20 to 21, 30 to 31, 40 to 41, 3 more");
    expect(countOf(many)).toBe(16);
  });
});
