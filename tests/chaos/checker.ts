import { audit } from "../../tools/lib/audit/audit";
import { findingsOf } from "../../tools/lib/audit/findings";
import type { Load } from "./load";
import { patiently } from "./patience";
import type { Poison } from "./poison";
import { asSent, SNAPSHOT_RECORDS } from "./records";
import type { Site } from "./site";
import { auditTarget, stream, topic } from "./warehouse";

/** All that was to be stored has to be by then. */
const ARRIVAL_DEADLINE_MS = 180_000;

/** What a reader sees of a snapshot. */
interface SeenSnapshot {
  number: number;
  rows: number;
  keys: number;
  wrong: number;
}

/** What is wrong, in words; nothing where all is well. */
export type Findings = string[];

/**
 * Waits until all that was promised by now is there, and says what is not, what is there twice, what is not as it
 * was sent, and what was never sent.
 */
export async function checkRows(
  site: Site,
  load: Load,
  baseSeconds: number,
  deadlineMs = ARRIVAL_DEADLINE_MS,
): Promise<Findings> {
  // Whatever was acknowledged was kept before, but for what was said as the producer was killed.
  const promised = new Set([...load.kept, ...load.delivered]);
  for (const since = Date.now(); ;) {
    const seen = await patiently(() => seenBy(site, baseSeconds));
    const findings = compare(seen, promised, load.begun);
    if (findings.length === 0 || Date.now() - since > deadlineMs) return findings;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function seenBy(site: Site, baseSeconds: number): Promise<SeenSnapshot[]> {
  const found = await site.ask<Record<keyof SeenSnapshot, string>>(
    `SELECT toUnixTimestamp(fetch_time) - ${baseSeconds} AS number, count() AS rows,
       uniqExact(game_id) AS keys, countIf(NOT (${asSent(baseSeconds)})) AS wrong
     FROM steam_top_games GROUP BY number`,
    site.reader,
  );
  return found.map(({ number, rows, keys, wrong }) => ({
    number: Number(number),
    rows: Number(rows),
    keys: Number(keys),
    wrong: Number(wrong),
  }));
}

/** Exported for its own test: a checker that finds nothing proves nothing. */
export function compare(
  seen: readonly SeenSnapshot[],
  promised: ReadonlySet<number>,
  begun: ReadonlySet<number>,
): Findings {
  const byNumber = new Map(seen.map((snapshot) => [snapshot.number, snapshot]));
  const lost = [...promised].filter(
    (number) => (byNumber.get(number)?.keys ?? 0) < SNAPSHOT_RECORDS,
  );
  const told = (what: string, numbers: readonly number[]) =>
    numbers.length === 0 ? [] : [`${what}: snapshots ${numbers.slice(0, 10).join(", ")}`];
  const whichOf = (is: (snapshot: SeenSnapshot) => boolean) =>
    seen.filter(is).map(({ number }) => number);
  return [
    ...told("lost", lost),
    ...told(
      "repeated",
      whichOf(({ rows, keys }) => rows > keys),
    ),
    ...told(
      "not as sent",
      whichOf(({ wrong }) => wrong > 0),
    ),
    ...told(
      "never sent",
      whichOf(({ number }) => !begun.has(number)),
    ),
  ];
}

/** Whether every bad message is a dead letter. */
export async function checkLetters(site: Site, poison: Poison): Promise<Findings> {
  const found = await patiently(() =>
    site.ask<{ at: string }>(
      `SELECT DISTINCT concat(toString(partition), '/', toString(offset)) AS at FROM steam_dead_letters WHERE topic = '${topic}'`,
    ),
  );
  const kept = new Set(found.map(({ at }) => at));
  const missing = [...poison.sent].filter((at) => !kept.has(at));
  return missing.length === 0
    ? []
    : [`${missing.length} bad messages are no dead letters: ${missing.slice(0, 10).join(", ")}`];
}

/** What the product's own audit finds. */
export async function checkAudit(site: Site): Promise<Findings> {
  const found = await patiently(() => audit(auditTarget(site)));
  const told = found.streams.flatMap((one) =>
    findingsOf(one).map((finding) => `audit: ${finding}`),
  );
  return found.complete || told.length > 0 ? told : [`audit of ${stream.topic} is not complete`];
}
