import type { ClickHouseClient } from "@clickhouse/client";
import { pauseConsumption, startConsumption } from "./consumption";
import { rows, run } from "./client";
import type { ObjectKind } from "./catalog";
import { observe, viewsReading, type Observed } from "./observe";
import { planTable } from "./plan";
import { quoteIdentifier } from "./render";
import { tableShapes } from "./shape";
import { collectionSettings, splitView } from "./statement";

/** One object as it is to be. */
export interface Desired {
  name: string;
  kind: ObjectKind;
  /** The whole CREATE statement, rendered. */
  statement: string;
  /** For a view, the Kafka tables it reads, each with all views declared to read it. */
  feeds: Record<string, string[]>;
}

/** A change that would lose rows, or an object in the way. Nothing was changed. */
export class RefusedError extends Error {
  readonly code = "SQL_CHANGE_REFUSED";
}

/**
 * Makes the object be as `desired`, whatever stands now, without losing a row.
 * @param previous the statement it was last made by, where known; it tells which part of a view changed.
 * @throws RefusedError where that cannot be done without destroying rows.
 */
export async function reconcile(
  client: ClickHouseClient,
  desired: Desired,
  previous?: string,
): Promise<void> {
  const standing = await observe(client, desired);
  if (!standing) return make(client, desired);
  switch (desired.kind) {
    case "collection":
      return alterCollection(client, desired, standing);
    case "kafka":
      return replaceKafkaTable(client, desired);
    case "view":
      return changeView(client, desired, previous);
    case "table":
      return alterTable(client, desired, standing);
  }
}

/**
 * Removes the object. One that is gone already is no fault.
 * @throws RefusedError for a table that holds rows.
 */
export async function remove(client: ClickHouseClient, object: Desired): Promise<void> {
  const name = quoteIdentifier(object.name);
  if (object.kind === "collection") return run(client, `DROP NAMED COLLECTION IF EXISTS ${name}`);
  if (object.kind === "table") await refuseIfFilled(client, object.name);
  return run(client, `DROP ${object.kind === "view" ? "VIEW" : "TABLE"} IF EXISTS ${name} SYNC`);
}

/**
 * A Kafka table is made paused and starts with the last of its views. Otherwise the first view alone would
 * see the first messages, and what the others keep of them would be missing for good.
 */
async function make(client: ClickHouseClient, desired: Desired): Promise<void> {
  await run(client, desired.statement);
  if (desired.kind === "kafka") await pauseConsumption(client, desired.name);
  await startFed(client, desired.feeds);
}

async function startFed(client: ClickHouseClient, feeds: Desired["feeds"]): Promise<void> {
  for (const [table, declared] of Object.entries(feeds)) {
    const standing = await viewsReading(client, table);
    if (declared.every((view) => standing.includes(view))) await startConsumption(client, table);
  }
}

async function alterCollection(
  client: ClickHouseClient,
  desired: Desired,
  standing: Observed,
): Promise<void> {
  const settings = collectionSettings(desired.statement);
  const bare = (key: string) => key.replace(/[`"]/g, "");
  const gone = standing.keys.filter(
    (key) => !settings.some((setting) => bare(setting.key) === key),
  );
  const set = settings.map(({ key, value }) => `${key} = ${value}`).join(", ");
  const name = quoteIdentifier(desired.name);
  await run(client, `ALTER NAMED COLLECTION ${name} SET ${set}`);
  if (gone.length > 0) {
    await run(
      client,
      `ALTER NAMED COLLECTION ${name} DELETE ${gone.map(quoteIdentifier).join(", ")}`,
    );
  }
}

/**
 * A Kafka table cannot be altered. Its views go first: without one it does not consume, so that no message
 * is read by half of the views. They are made again when their own turn comes, in the same consumer group.
 */
async function replaceKafkaTable(client: ClickHouseClient, desired: Desired): Promise<void> {
  for (const view of await viewsReading(client, desired.name)) {
    await run(client, `DROP VIEW IF EXISTS ${quoteIdentifier(view)} SYNC`);
  }
  await run(client, desired.statement.replace(/^\s*CREATE\s+TABLE/i, "CREATE OR REPLACE TABLE"));
  await pauseConsumption(client, desired.name);
}

async function changeView(
  client: ClickHouseClient,
  desired: Desired,
  previous?: string,
): Promise<void> {
  const now = splitView(desired.statement);
  const name = quoteIdentifier(desired.name);
  if (
    previous !== undefined &&
    splitView(previous).head === now.head &&
    now.head.includes(" TO ")
  ) {
    await run(client, `ALTER TABLE ${name} MODIFY QUERY ${now.query}`);
    return;
  }
  for (const table of Object.keys(desired.feeds)) await pauseConsumption(client, table);
  await run(client, `DROP VIEW IF EXISTS ${name} SYNC`);
  await make(client, desired);
}

async function alterTable(
  client: ClickHouseClient,
  desired: Desired,
  standing: Observed,
): Promise<void> {
  const [observed, wanted] = tableShapes([standing.createQuery, desired.statement]);
  if (!observed || !wanted) return;
  const plan = planTable(observed, wanted);
  switch (plan.label) {
    case "none":
      return;
    case "in place":
      return run(client, `ALTER TABLE ${quoteIdentifier(desired.name)} ${plan.actions.join(", ")}`);
    case "refused":
      throw new RefusedError(
        [
          `${desired.name} is left as it is, because the change would lose rows or rewrite them under another key:`,
          ...plan.reasons.map((reason) => `  - ${reason}`),
          `  it stands as: ${observed.createQuery}`,
          `  declared is:  ${wanted.createQuery}`,
          `Take the change back in sql/${desired.name}.sql, or declare it as a new table beside this one and copy the rows.`,
        ].join("\n"),
      );
  }
}

async function refuseIfFilled(client: ClickHouseClient, table: string): Promise<void> {
  const [held] = await rows<{ rows: string; size: string }>(
    client,
    `SELECT toString(sum(rows)) AS rows, formatReadableSize(sum(bytes_on_disk)) AS size
     FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND active`,
    { table },
  );
  if (held === undefined || held.rows === "0") return;
  throw new RefusedError(
    `${table} is not dropped, because it holds ${held.rows} rows (${held.size}). ` +
      `To keep them, bring sql/${table}.sql back. To destroy them, run DROP TABLE ${table} yourself and then \`up\` again.`,
  );
}
