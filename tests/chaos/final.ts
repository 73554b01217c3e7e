import { audit } from "../../tools/lib/audit/audit";
import { checkAudit, checkLetters, checkRows, type Findings } from "./checker";
import type { Scene } from "./fault";
import { checkLog, type LogFound } from "./log-check";
import { patiently } from "./patience";
import { SNAPSHOT_RECORDS } from "./records";
import type { Site } from "./site";
import { auditTarget, stream } from "./warehouse";

export interface Final {
  findings: Findings;
  /** Records that Kafka acknowledged. */
  acknowledged: number;
  log: Omit<LogFound, "findings">;
  badMessages: number;
  /** Messages that the ledger says were delivered to ClickHouse more than once. */
  deliveredAgain: number;
  /** Rows that stand there twice until parts are merged, which no reader sees. */
  hiddenRepeats: number;
}

/** All checks once the load has ended and everything is there. */
export async function checkAll(scene: Scene, baseSeconds: number): Promise<Final> {
  const { site, load, poison } = scene;
  await load.signal("SIGTERM");
  const findings = [
    ...load.faults,
    ...[...load.kept]
      .filter((number) => !load.delivered.has(number))
      .map((number) => `snapshot ${number} was kept and never acknowledged`),
    ...(await checkRows(site, load, baseSeconds)),
    ...(await checkLetters(site, poison)),
  ];
  await settled(site);
  findings.push(...(await checkAudit(site)));
  const { findings: inLog, ...log } = await checkLog(site, load);
  findings.push(...inLog, ...(await checkRollup(site)));
  const found = (await audit(auditTarget(site))).streams[0]!;
  const deliveredAgain = found.partitions.reduce((sum, { again }) => sum + (again?.count ?? 0), 0);
  const { hiddenRepeats } = found.rows;
  findings.push(...(await checkTheChecks(scene, baseSeconds)));
  const acknowledged = load.delivered.size * SNAPSHOT_RECORDS;
  return {
    findings,
    acknowledged,
    log,
    badMessages: poison.sent.size,
    deliveredAgain,
    hiddenRepeats,
  };
}

/** Waits until ClickHouse has committed all that the topic holds. */
async function settled(site: Site): Promise<void> {
  await patiently(async () => {
    const found = await audit(auditTarget(site));
    const waiting = found.streams[0]!.partitions.reduce((sum, one) => sum + one.waiting, 0);
    if (waiting > 0) throw new Error(`${waiting} messages are still to be read`);
  });
}

/** Whether the rollup that panels read has each row counted once. */
async function checkRollup(site: Site): Promise<Findings> {
  await site.ask("SYSTEM REFRESH VIEW steam_hourly_players_mv");
  await site.ask("SYSTEM WAIT VIEW steam_hourly_players_mv");
  const sums = async (query: string) =>
    JSON.stringify(await site.ask<Record<string, unknown>>(query, site.reader));
  const [rows, rollup] = [
    await sums("SELECT count() AS n, sum(current_players) AS players FROM steam_top_games"),
    await sums("SELECT sum(records) AS n, sum(total_players) AS players FROM steam_hourly_players"),
  ];
  return rows === rollup ? [] : [`the rows are ${rows}, their rollup ${rollup}`];
}

/** Removes a record by hand: checker and audit both have to find just that one. */
async function checkTheChecks(
  { site, load, random }: Scene,
  baseSeconds: number,
): Promise<Findings> {
  const number = [...load.delivered][Math.floor(random.between(0, load.delivered.size))]!;
  const key = Math.floor(random.between(1, SNAPSHOT_RECORDS + 1));
  await site.ask(
    `ALTER TABLE steam_top_games DELETE WHERE game_id = ${key} AND fetch_time = toDateTime(${baseSeconds + number}) SETTINGS mutations_sync = 1`,
  );
  const checked = await checkRows(site, load, baseSeconds, 0);
  const { rows, partitions } = (await audit(auditTarget(site))).streams[0]!;
  const named = rows.missing.length === 1 && rows.missing[0]?.key === key;
  return [
    ...(checked.join() === `lost: snapshots ${number}`
      ? []
      : [`the checker found ${JSON.stringify(checked)} of a removed row`]),
    ...(rows.missingRows === 1 && named && partitions.every(({ lost }) => lost.length === 0)
      ? []
      : [`the audit found ${JSON.stringify(rows.missing)} in ${stream.table} of a removed row`]),
  ];
}
