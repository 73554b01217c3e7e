import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { rows, run, withClient } from "../../../infra/clickhouse/client";
import { pauseConsumption, startConsumption } from "../../../infra/clickhouse/consumption";
import { OWN_DATABASE } from "../../../infra/clickhouse/ledger";
import { quoteIdentifier, quoteString } from "../../../infra/clickhouse/render";
import { shadowName } from "../../../infra/clickhouse/rebuild";
import type { PartitionOffsets } from "../audit/broker";
import { uninterrupted } from "../uninterrupted";
import { UserError } from "../user-error";
import type { BackedUpTable, Manifest } from "./manifest";
import { committedOffsets, withLastMessages } from "./positions";
import { BACKUP_DATABASE, RESTORE_DATABASE, type BackupTarget } from "./target";

const LOOK_MS = 250;
const PRODUCER_METRICS = "steam_producer_metrics";
/** Ends of a query on `system.backups`, where the engine has another word for it each. */
const ENDED = /^(BACKUP_CREATED|BACKUP_FAILED|BACKUP_CANCELLED)$/;

const PASSED_OVER = [
  "system",
  "information_schema",
  "INFORMATION_SCHEMA",
  OWN_DATABASE,
  BACKUP_DATABASE,
  RESTORE_DATABASE,
];

/**
 * Writes all stored rows to `file`. Consumption waits while their parts are linked into tables of its own, so that
 * every table, the ledger and the offsets are of one moment; they are copied while it goes on.
 * @throws UserError (USAGE) where the file is there already, (BACKUP) with the engine's words
 */
export async function backup(target: BackupTarget, file: string): Promise<Manifest> {
  if (existsSync(file)) {
    throw new UserError("USAGE", `${file} is there already`, { fix: "name another file by --out" });
  }
  const { progress, vault, stack } = target;
  const id = `${stack}-${randomUUID()}`;
  return withClient(target.connection, async (client) => {
    await refuseWhileAnother(client);
    try {
      const frozen = await progress.step("linking the tables", () => freeze(client, target));
      const [engine] = await rows<{ version: string }>(client, "SELECT version() AS version");
      const manifest: Manifest = {
        format: "steamline-backup-1",
        id,
        stack,
        madeAt: frozen.at.toISOString(),
        engineVersion: engine?.version ?? "",
        tables: frozen.tables,
        streams: await withLastMessages(target, frozen.committed),
      };
      await progress.step("writing the back-up", () => write(client, id, frozen.tables));
      await progress.step(`copying it to ${file}`, () =>
        vault.take(id, JSON.stringify(manifest, null, 2), file),
      );
      return manifest;
    } finally {
      await run(client, `DROP DATABASE IF EXISTS ${BACKUP_DATABASE} SYNC`);
      await vault.remove(id);
    }
  });
}

/** Two at a time would take each other's tables away. */
async function refuseWhileAnother(client: ClickHouseClient): Promise<void> {
  const [busy] = await rows<{ id: string }>(
    client,
    "SELECT id FROM system.backups WHERE status IN ('CREATING_BACKUP', 'RESTORING')",
  );
  if (!busy) return;
  throw new UserError("BACKUP", "another back-up or restore is under way", {
    fix: "wait until it has ended; nothing was changed",
  });
}

interface Frozen {
  at: Date;
  tables: BackedUpTable[];
  committed: Map<string, PartitionOffsets[]>;
}

async function freeze(client: ClickHouseClient, target: BackupTarget): Promise<Frozen> {
  const tables = await storedTables(client);
  await run(client, `DROP DATABASE IF EXISTS ${BACKUP_DATABASE} SYNC`);
  await run(client, `CREATE DATABASE ${BACKUP_DATABASE}`);
  for (const [i, table] of tables.entries()) {
    await run(client, `CREATE TABLE ${linked(i)} AS ${nameOf(table)}`);
    // A merge could take rows away between their being counted and written.
    await run(client, `SYSTEM STOP MERGES ${linked(i)}`);
  }
  const consumers = await rows<{ name: string }>(
    client,
    "SELECT concat(database, '.', name) AS name FROM system.tables WHERE engine = 'Kafka'",
  );
  const at = new Date();
  let committed: Frozen["committed"] = new Map();
  await uninterrupted(async () => {
    try {
      for (const { name } of consumers) await pauseConsumption(client, name);
      committed = await committedOffsets(target);
      for (const [i, table] of tables.entries())
        await run(client, `ALTER TABLE ${linked(i)} ATTACH PARTITION ALL FROM ${nameOf(table)}`);
    } finally {
      for (const { name } of consumers) await startConsumption(client, name);
    }
  });
  for (const [i, table] of tables.entries()) table.rows = await countRows(client, linked(i));
  return { at, tables, committed };
}

async function write(
  client: ClickHouseClient,
  id: string,
  tables: readonly BackedUpTable[],
): Promise<void> {
  const wanted = tables.map((table, i) => `TABLE ${linked(i)} AS ${nameOf(table)}`).join(", ");
  const [begun] = await rows<{ id: string }>(
    client,
    `BACKUP ${wanted} TO File(${quoteString(id)}) ASYNC`,
  );
  for (;;) {
    const [state] = await rows<{ status: string; error: string }>(
      client,
      `SELECT status, error FROM system.backups WHERE id = ${quoteString(begun?.id ?? "")}`,
    );
    if (state === undefined || ENDED.test(state.status)) {
      if (state?.status === "BACKUP_CREATED") return;
      throw new UserError("BACKUP", `ClickHouse could not write it: ${state?.error ?? "unknown"}`, {
        fix: "the back-up needs as much room again in ClickHouse's volume as the data takes",
      });
    }
    await sleep(LOOK_MS);
  }
}

/**
 * Every table with rows of its own, of the stack and of people; not what a rebuild makes for a while, nor what the
 * producer counts, which is of this stack alone and would keep another from ever being empty.
 */
async function storedTables(client: ClickHouseClient): Promise<BackedUpTable[]> {
  const found = await rows<{ database: string; name: string }>(
    client,
    `SELECT database, name FROM system.tables
     WHERE engine LIKE '%MergeTree' AND NOT is_temporary
       AND database NOT IN (${PASSED_OVER.map(quoteString).join(", ")})
       AND NOT endsWith(name, ${quoteString(shadowName(""))})
       AND name != ${quoteString(PRODUCER_METRICS)}
     ORDER BY database, name`,
  );
  return found.map((table) => ({ ...table, rows: 0 }));
}

const linked = (index: number) => `${BACKUP_DATABASE}.t${index}`;

/** A table's name as SQL has it. */
export function nameOf({ database, name }: Pick<BackedUpTable, "database" | "name">): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
}

/** Rows that a table has in its parts, duplicates included. */
export async function countRows(client: ClickHouseClient, table: string): Promise<number> {
  const [row] = await rows<{ n: string }>(
    client,
    `SELECT toString(count()) AS n FROM ${table} SETTINGS final = 0`,
  );
  return Number(row?.n ?? 0);
}
