import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { docker } from "../steamline";
import { containers } from "./run";

/** What a statement did is looked for this long. */
const PATIENCE_MS = 90_000;

/** Asks the suite's ClickHouse by its client. */
export async function ask(sql: string): Promise<string> {
  return (
    await docker("exec", containers.clickhouse, "clickhouse-client", "--query", sql)
  ).trimEnd();
}

/** Runs one of Kafka's commands in the suite's broker. */
export async function inKafka(...command: string[]): Promise<string> {
  return docker("exec", containers.kafka, ...command, "--bootstrap-server", "localhost:9092");
}

/** Tries until `assertion` holds, and fails as it does after a minute and a half. */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(1_000);
    }
  }
}

/** Waits until a query gives `expected`. */
export function answers(sql: string, expected: string | RegExp): Promise<void> {
  return eventually(async () => expect(await ask(sql)).toMatch(expected));
}

/** The lines of what a program printed. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== "");
}

/** Takes the games that only these tests send, and that no source has, out of the stack's tables, and the ledger. */
export async function forgetOwnGames(): Promise<void> {
  for (const table of ["steam_top_games", "steam_hourly_stats", "steam_hourly_players"]) {
    await ask(`ALTER TABLE ${table} DELETE WHERE game_id > 4294967000 SETTINGS mutations_sync = 1`);
  }
  await ask(
    "ALTER TABLE steam_ledger_keys DELETE WHERE key > 4294967000 SETTINGS mutations_sync = 1",
  );
}
