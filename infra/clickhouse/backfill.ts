import type { ClickHouseClient } from "@clickhouse/client";
import { closeFed, startFed } from "./change-flow";
import { rows, run } from "./client";
import { parseTable } from "./definition";
import type { Desired } from "./desired";
import { note, notes, OWN_DATABASE } from "./ledger";
import { observe } from "./observe";
import { RefusedError } from "./refusal";
import { quoteIdentifier, quoteName, quoteString } from "./render";
import { readingFrom, sourceOf, viewParts } from "./statement";

/** Most rows of the source that one step reads. */
const CHUNK_ROWS = 5_000_000;

/**
 * Makes a view whose target also gets what the source holds already, each row once. While messages wait, the
 * source is frozen (its parts are linked, not copied) and the view made; then the frozen rows are brought in
 * chunk by chunk while new ones flow. Each chunk is noted, so that a backfill cut short goes on from there.
 */
export async function backfill(client: ClickHouseClient, desired: Desired): Promise<void> {
  const done = (await notes(client, desired.name)).at(-1)?.step === "backfilled";
  const standing = await observe(client, desired);
  if (standing && done) return tidyUp(client, desired.name);
  if (!standing || !(await isFrozen(client, desired))) {
    if (standing) return;
    await freeze(client, desired);
  }
  await fill(client, desired);
}

const frozenName = (view: string) => `${OWN_DATABASE}.${quoteIdentifier(`frozen_${view}`)}`;
const stagingName = (view: string) => `${OWN_DATABASE}.${quoteIdentifier(`staging_${view}`)}`;

async function isFrozen(client: ClickHouseClient, { name }: Desired): Promise<boolean> {
  const sought = { name: `${OWN_DATABASE}.frozen_${name}`, kind: "table", statement: "" } as const;
  return (await observe(client, sought)) !== undefined;
}

async function freeze(client: ClickHouseClient, desired: Desired): Promise<void> {
  const [frozen, staging] = [frozenName(desired.name), stagingName(desired.name)];
  const source = quoteName(sourceOf(desired.definition));
  const { target } = viewParts(desired.definition);
  await refuseUnlessStored(client, desired, [sourceOf(desired.definition), target]);
  await note(client, desired.name, "making", desired.statement);
  await closeFed(client, desired.feeds);
  try {
    await tidyUp(client, desired.name);
    await run(client, `CREATE TABLE ${frozen} AS ${source}`);
    await run(client, `ALTER TABLE ${frozen} ATTACH PARTITION ALL FROM ${source}`);
    await run(client, `CREATE TABLE ${staging} AS ${quoteName(target)}`);
    await note(client, desired.name, "frozen");
    await run(client, desired.statement);
  } finally {
    await startFed(client, desired.feeds);
  }
}

async function refuseUnlessStored(
  client: ClickHouseClient,
  desired: Desired,
  tables: readonly string[],
): Promise<void> {
  for (const name of tables) {
    const table = await observe(client, { name, kind: "table", statement: "" });
    if (table && parseTable(table.definition).engine.includes("MergeTree")) continue;
    throw new RefusedError(
      `${desired.name} cannot be filled from what is stored, because ${name} is no MergeTree table. Take \`-- @backfill\` out of sql/${desired.name}.sql.`,
    );
  }
}

/** Chunks that do not depend on how parts merge: slices of a partition by a hash of the sorting key. */
async function chunks(client: ClickHouseClient, view: string): Promise<string[]> {
  const frozen = frozenName(view);
  const table = await observe(client, {
    name: `${OWN_DATABASE}.frozen_${view}`,
    kind: "table",
    statement: "",
  });
  const key = parseTable(table?.definition ?? "").sortingKey || "1";
  const partitions = await rows<{ id: string; n: string }>(
    client,
    `SELECT _partition_id AS id, toString(count()) AS n FROM ${frozen} GROUP BY id ORDER BY id`,
  );
  return partitions.flatMap(({ id, n }) => {
    const slices = Math.ceil(Number(n) / CHUNK_ROWS);
    const inPartition = `_partition_id = ${quoteString(id)}`;
    return Array.from({ length: slices }, (_, i) =>
      slices === 1 ? inPartition : `${inPartition} AND cityHash64(${key}) % ${slices} = ${i}`,
    );
  });
}

async function fill(client: ClickHouseClient, desired: Desired): Promise<void> {
  const [frozen, staging] = [frozenName(desired.name), stagingName(desired.name)];
  const { target, query } = viewParts(desired.definition);
  const source = sourceOf(desired.definition);
  const all = await chunks(client, desired.name);
  for (const [i, chunk] of all.entries()) {
    const steps = (await notes(client, desired.name)).filter(({ detail }) => detail === chunk);
    if (steps.some(({ step }) => step === "moved")) continue;
    if (!steps.some(({ step }) => step === "filled")) {
      await run(client, `TRUNCATE TABLE ${staging}`);
      const limited = readingFrom(query, source, `(SELECT * FROM ${frozen} WHERE ${chunk})`);
      const columns = await columnNames(client, limited);
      await run(
        client,
        `INSERT INTO ${staging} (${columns}) ${limited} SETTINGS insert_deduplicate = 0`,
      );
      await note(client, desired.name, "filled", chunk);
    }
    await moveAll(client, staging, desired.name, quoteName(target));
    await note(client, desired.name, "moved", chunk);
    console.log(`${desired.name}: ${i + 1} of ${all.length} chunks are filled from ${source}`);
  }
  await note(client, desired.name, "backfilled");
  await tidyUp(client, desired.name);
}

async function tidyUp(client: ClickHouseClient, view: string): Promise<void> {
  for (const table of [frozenName(view), stagingName(view)])
    await run(client, `DROP TABLE IF EXISTS ${table} SYNC`);
}

/** Each partition leaves the staging table as it enters the target, so that none enters twice. */
async function moveAll(
  client: ClickHouseClient,
  staging: string,
  view: string,
  target: string,
): Promise<void> {
  const partitions = await rows<{ id: string }>(
    client,
    `SELECT DISTINCT partition_id AS id FROM system.parts
     WHERE database = '${OWN_DATABASE}' AND table = ${quoteString(`staging_${view}`)} AND active ORDER BY id`,
  );
  for (const { id } of partitions) {
    await run(
      client,
      `ALTER TABLE ${staging} MOVE PARTITION ID ${quoteString(id)} TO TABLE ${target}`,
    );
  }
}

async function columnNames(client: ClickHouseClient, query: string): Promise<string> {
  const columns = await rows<{ name: string }>(client, `DESCRIBE TABLE (${query})`);
  return columns.map(({ name }) => quoteIdentifier(name)).join(", ");
}
