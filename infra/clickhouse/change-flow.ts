import type { ClickHouseClient } from "@clickhouse/client";
import { run } from "./client";
import { pauseConsumption, startConsumption } from "./consumption";
import type { Desired } from "./desired";
import { note } from "./ledger";
import { observe, viewsReading } from "./observe";
import type { ObjectPlan } from "./plan-object";
import { quoteName } from "./render";
import { viewParts } from "./statement";

/** Lets Kafka tables read again whose declared views all stand. */
export async function startFed(client: ClickHouseClient, feeds: Desired["feeds"]): Promise<void> {
  for (const [table, declared] of Object.entries(feeds)) {
    const standing = await viewsReading(client, table);
    if (declared.every((view) => standing.includes(view))) await startConsumption(client, table);
  }
}

/**
 * A Kafka table cannot be altered, so it is replaced in its consumer group. It is paused, or messages would be
 * read by half of its views while they are dropped. They go first, because the new table begins to read as soon as
 * it has one, and come back as declared before it may. Where the replacement fails, they come back as they were.
 */
export async function changeKafkaTable(
  client: ClickHouseClient,
  desired: Desired,
  plan: ObjectPlan,
  follows: boolean,
): Promise<void> {
  const own = { [desired.name]: Object.keys(desired.views) };
  if (plan.label === "none" && !follows) return startFed(client, own);
  const before = await definitionsOfViews(client, desired.name);
  await note(client, desired.name, "changing", desired.statement);
  for (const view of Object.keys(desired.views)) {
    if (!(view in before)) await note(client, view, "making", desired.views[view]?.statement);
  }
  await pauseConsumption(client, desired.name);
  for (const view of Object.keys(before)) {
    await run(client, `DROP VIEW IF EXISTS ${quoteName(view)} SYNC`);
  }
  try {
    await run(client, desired.statement.replace(/^\s*CREATE\s+TABLE/i, "CREATE OR REPLACE TABLE"));
  } catch (error) {
    for (const definition of Object.values(before)) await run(client, definition);
    await startConsumption(client, desired.name);
    throw error;
  }
  await pauseConsumption(client, desired.name);
  for (const { statement } of Object.values(desired.views)) await run(client, statement);
  await bringBack(client, before, Object.keys(desired.views));
  await startFed(client, own);
}

/** Views that nobody declares stay as they were. One that cannot is named with its definition. */
async function bringBack(
  client: ClickHouseClient,
  before: Readonly<Record<string, string>>,
  declared: readonly string[],
): Promise<void> {
  for (const [view, definition] of Object.entries(before)) {
    if (declared.includes(view)) continue;
    await run(client, definition).catch((error: unknown) =>
      note(client, view, "dropped", `${definition} -- ${String(error)}`),
    );
  }
}

async function definitionsOfViews(
  client: ClickHouseClient,
  table: string,
): Promise<Record<string, string>> {
  const definitions: Record<string, string> = {};
  for (const name of await viewsReading(client, table)) {
    const view = await observe(client, { name, kind: "view", statement: "" });
    if (view) definitions[name] = view.definition;
  }
  return definitions;
}

/** A new query is taken over between two blocks. Another target needs the view anew, while messages wait. */
export async function changeView(
  client: ClickHouseClient,
  desired: Desired,
  plan: ObjectPlan,
): Promise<void> {
  if (plan.label === "in place") await modifyQuery(client, desired.name, desired.statement);
  if (plan.label === "recreated, no rows lost") {
    await note(client, desired.name, "changing", desired.statement);
    for (const table of Object.keys(desired.feeds)) await pauseConsumption(client, table);
    await run(client, `DROP VIEW IF EXISTS ${quoteName(desired.name)} SYNC`);
    await run(client, desired.statement);
  }
  await startFed(client, desired.feeds);
}

export async function modifyQuery(
  client: ClickHouseClient,
  view: string,
  statement: string,
): Promise<void> {
  const { query } = viewParts(statement);
  await run(client, `ALTER TABLE ${quoteName(view)} MODIFY QUERY ${query}`);
}
