import type { ClickHouseClient } from "@clickhouse/client";
import { rows, run, withClient } from "../../../infra/clickhouse/client";
import { stands } from "../../../infra/clickhouse/observe";
import { quoteIdentifier, quoteString } from "../../../infra/clickhouse/render";
import { count } from "../amount";
import { UserError } from "../user-error";
import { countRows, nameOf } from "./backup";
import { readManifest, type BackedUpStream, type Manifest } from "./manifest";
import { isSameTopic } from "./positions";
import { commonColumns, fits, shapeOf } from "./shape";
import { RESTORE_DATABASE, type BackupTarget } from "./target";

/** Offsets of a topic that is gone mean nothing to the one that took its name. */
const LEDGER = "steam_ledger";
/** Whether all of a back-up is loaded and can be moved in, and from which table to which. */
const READY = `${RESTORE_DATABASE}.ready`;

interface Move {
  source: string;
  /** Where it goes. Made like the source where there is none. */
  database: string;
  name: string;
  rows: number;
}

export interface Restored {
  manifest: Manifest;
  /** Rows that came into each table. */
  tables: { database: string; name: string; rows: number }[];
  /** Topics that are still those of the back-up, so that their ledger came along. */
  continued: BackedUpStream[];
}

/**
 * Brings a file's rows into the tables: loads them beside, counts them, and moves them in whole. Until the moving
 * nothing of the tables is touched; cut short while it moves, the same call again moves the rest.
 * @param add whether tables may hold rows already, which then stay
 * @throws UserError (NOT_EMPTY), (BACKUP)
 */
export async function restore(target: BackupTarget, file: string, add: boolean): Promise<Restored> {
  const manifest = readManifest(file);
  const { progress, vault } = target;
  return withClient(target.connection, async (client) => {
    const continued = await continuedStreams(target, manifest);
    let moves = await readyMoves(client, manifest.id);
    if (moves === undefined) {
      if (!add) await refuseIfFilled(client, manifest);
      try {
        await progress.step("laying the back-up before ClickHouse", () =>
          vault.put(manifest.id, file),
        );
        moves = await progress.step("loading it", () => load(client, manifest, continued));
      } catch (error) {
        await run(client, `DROP DATABASE IF EXISTS ${RESTORE_DATABASE} SYNC`);
        throw error;
      } finally {
        await vault.remove(manifest.id);
      }
    } else progress.note("a restore of this back-up was cut short: it goes on");
    for (const move of moves) await moveIn(client, move);
    await run(client, `DROP DATABASE IF EXISTS ${RESTORE_DATABASE} SYNC`);
    return { manifest, tables: moves, continued };
  });
}

async function continuedStreams(
  { kafka, streams }: BackupTarget,
  manifest: Manifest,
): Promise<BackedUpStream[]> {
  const continued: BackedUpStream[] = [];
  for (const stream of manifest.streams) {
    const isOwn = streams.some(({ topic }) => topic === stream.topic);
    if (isOwn && (await isSameTopic(kafka, stream))) continued.push(stream);
  }
  return continued;
}

/** @throws UserError (NOT_EMPTY) naming each table that has rows where the back-up has some too */
async function refuseIfFilled(client: ClickHouseClient, manifest: Manifest): Promise<void> {
  const filled: string[] = [];
  for (const table of manifest.tables.filter(({ rows }) => rows > 0)) {
    if (!(await shapeOf(client, table))) continue;
    const held = await countRows(client, nameOf(table));
    if (held > 0) filled.push(`${table.name} (${count(held, "row")})`);
  }
  if (filled.length === 0) return;
  throw new UserError("NOT_EMPTY", `these tables hold rows: ${filled.join(", ")}`, {
    where: "ClickHouse; nothing was changed",
    fix: "npm run restore -- FILE --add keeps them and adds the back-up's; docs/operations.md tells what that means for sums",
  });
}

/** Loads every table into one beside it, in the form that its target has today. */
async function load(
  client: ClickHouseClient,
  manifest: Manifest,
  continued: readonly BackedUpStream[],
): Promise<Move[]> {
  await run(client, `DROP DATABASE IF EXISTS ${RESTORE_DATABASE} SYNC`);
  await run(client, `CREATE DATABASE ${RESTORE_DATABASE}`);
  const wanted = manifest.tables.map((table, i) => `TABLE ${nameOf(table)} AS ${loaded(i)}`);
  const from = `FROM File(${quoteString(manifest.id)})`;
  await restored(client, `RESTORE ${wanted.join(", ")} ${from} SETTINGS structure_only = 1`);
  // A merge could take rows away before they are counted.
  for (const i of manifest.tables.keys()) await run(client, `SYSTEM STOP MERGES ${loaded(i)}`);
  await restored(client, `RESTORE ${wanted.join(", ")} ${from}`);
  const moves: Move[] = [];
  for (const [i, table] of manifest.tables.entries()) {
    await refuseDamaged(client, table, i);
    moves.push(await shaped(client, table, i, continued));
  }
  await run(
    client,
    `CREATE TABLE ${READY} (id String, source String, database String, name String, rows UInt64) ENGINE = MergeTree ORDER BY source`,
  );
  const values = moves.map(
    ({ source, database, name, rows }) =>
      `(${[manifest.id, source, database, name].map(quoteString).join(", ")}, ${rows})`,
  );
  if (values.length > 0) await run(client, `INSERT INTO ${READY} VALUES ${values.join(", ")}`);
  return moves;
}

/** Reads a loaded table through: the engine takes parts in as they are. @throws UserError (BACKUP) */
async function refuseDamaged(
  client: ClickHouseClient,
  { name, rows: wanted }: Manifest["tables"][number],
  index: number,
): Promise<void> {
  const found = await countRows(client, loaded(index));
  const [check] = await rows<{ result: number }>(
    client,
    `CHECK TABLE ${loaded(index)} SETTINGS check_query_single_value_result = 1`,
  );
  if (found === wanted && check?.result === 1) return;
  throw new UserError(
    "BACKUP",
    found === wanted ? `${name} is damaged` : `of ${name} ${found} rows came of ${wanted}`,
    { where: "the back-up; nothing was changed", fix: "take another back-up file" },
  );
}

async function restored(client: ClickHouseClient, statement: string): Promise<void> {
  try {
    await run(client, statement);
  } catch (cause) {
    throw new UserError("BACKUP", `ClickHouse could not load it: ${(cause as Error).message}`, {
      where: "nothing was changed",
      fix: "the file may be damaged, or the volume full: a restore needs twice the back-up's size",
      cause,
    });
  }
}

const loaded = (index: number) => `${RESTORE_DATABASE}.t${index}`;
const reshaped = (index: number) => `${RESTORE_DATABASE}.s${index}`;

/** Copies what was loaded into a table of the target's form, where it has another by now or is not wanted whole. */
async function shaped(
  client: ClickHouseClient,
  table: Manifest["tables"][number],
  index: number,
  continued: readonly BackedUpStream[],
): Promise<Move> {
  const was = await shapeOf(client, { database: RESTORE_DATABASE, name: `t${index}` });
  const is = await shapeOf(client, table);
  const { database, name } = table;
  const isLedger = name === LEDGER;
  if (!was) throw new Error(`${loaded(index)} was restored but is not there`);
  if (!is || (fits(was, is) && !isLedger))
    return { source: loaded(index), database, name, rows: table.rows };
  const topics = continued.map(({ topic }) => quoteString(topic)).join(", ");
  const limit = isLedger ? `WHERE topic IN (${topics || "''"})` : "";
  await run(client, `CREATE TABLE ${reshaped(index)} AS ${nameOf(table)}`);
  await run(client, `SYSTEM STOP MERGES ${reshaped(index)}`);
  const columns = commonColumns(was, is);
  await restored(
    client,
    `INSERT INTO ${reshaped(index)} (${columns}) SELECT ${columns} FROM ${loaded(index)} ${limit}
     SETTINGS insert_deduplicate = 0, optimize_on_insert = 0, final = 0`,
  );
  const rows = await countRows(client, reshaped(index));
  return { source: reshaped(index), database, name, rows };
}

/** What a restore that was cut short has still to move. @throws UserError (BACKUP) where it was of another back-up */
async function readyMoves(client: ClickHouseClient, id: string): Promise<Move[] | undefined> {
  if (!(await stands(client, READY))) return undefined;
  const found = await rows<Move & { id: string }>(client, `SELECT * FROM ${READY} ORDER BY source`);
  if (found.length === 0) return undefined;
  const other = found.find((move) => move.id !== id);
  if (!other) return found.map((move) => ({ ...move, rows: Number(move.rows) }));
  throw new UserError("BACKUP", `a restore of the back-up ${other.id} was cut short`, {
    fix: "run that one again, so that it is brought to its end; nothing was changed",
  });
}

/** Each partition leaves as it enters, so that none enters twice. */
async function moveIn(client: ClickHouseClient, move: Move): Promise<void> {
  const { source } = move;
  const [database = "", name = ""] = source.split(".");
  await run(client, `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(move.database)}`);
  await run(client, `CREATE TABLE IF NOT EXISTS ${nameOf(move)} AS ${source}`);
  const partitions = await rows<{ id: string }>(
    client,
    `SELECT DISTINCT partition_id AS id FROM system.parts
     WHERE active AND database = ${quoteString(database)} AND table = ${quoteString(name)} ORDER BY id`,
  );
  for (const { id } of partitions)
    await run(
      client,
      `ALTER TABLE ${source} MOVE PARTITION ID ${quoteString(id)} TO TABLE ${nameOf(move)}`,
    );
}
