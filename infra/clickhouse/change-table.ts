import type { ClickHouseClient } from "@clickhouse/client";
import { modifyQuery, startFed } from "./change-flow";
import { rows, run } from "./client";
import { pauseConsumption } from "./consumption";
import type { Desired } from "./desired";
import { note } from "./ledger";
import { observe } from "./observe";
import { alterStatements, type TablePlan } from "./plan";
import { planObject, type ObjectPlan } from "./plan-object";
import { rebuild, shadowName } from "./rebuild";
import { RefusedError } from "./refusal";
import { quoteName } from "./render";

/** ClickHouse's UNKNOWN_IDENTIFIER: the view waits for a column that its Kafka table has not got yet. */
const UNKNOWN_IDENTIFIER = "47";

/** Carries out the plan of a table. */
export async function changeTable(
  client: ClickHouseClient,
  desired: Desired,
  plan: ObjectPlan,
): Promise<void> {
  const { table } = plan;
  if (table === undefined) return;
  if (plan.label === "none") return settle(client, desired);
  await note(client, desired.name, "changing", plan.changes.map(({ text }) => text).join("; "));
  if (table.beyondAlter.length === 0 && table.renames.length === 0) {
    for (const statement of alterStatements(desired.name, table)) await run(client, statement);
    return;
  }
  await pauseAll(client, desired);
  if (table.beyondAlter.length === 0) return rename(client, desired, table);
  try {
    if (plan.label === "recreated, no rows lost" || !desired.policy.rebuild)
      await replace(client, desired, plan);
    else await rebuild(client, desired);
  } catch (error) {
    // Each of these fails before it changed anything, or when it is done.
    await startFed(client, desired.feeds).catch(() => undefined);
    throw error;
  }
  await settle(client, desired);
}

/**
 * A view that writes the old name would have its values dropped without a word. So nothing is read until
 * the views write the new one.
 */
async function rename(client: ClickHouseClient, desired: Desired, table: TablePlan): Promise<void> {
  const [first = "", ...more] = alterStatements(desired.name, table);
  try {
    await run(client, first);
  } catch (error) {
    await startFed(client, desired.feeds).catch(() => undefined);
    throw error;
  }
  for (const statement of more) await run(client, statement);
  for (const [view, { statement }] of Object.entries(desired.views)) {
    try {
      await modifyQuery(client, view, statement);
    } catch (error) {
      // Its Kafka table changes next, takes the view along and reads again.
      if ((error as { code?: unknown }).code === UNKNOWN_IDENTIFIER) return;
      throw error;
    }
  }
  await startFed(client, desired.feeds);
}

/** A table that is empty, or whose rows config gives up, is made anew. */
async function replace(
  client: ClickHouseClient,
  desired: Desired,
  plan: ObjectPlan,
): Promise<void> {
  if (plan.label !== "destroys rows") {
    const [held] = await rows<{ n: string }>(
      client,
      `SELECT toString(count()) AS n FROM ${quoteName(desired.name)}`,
    );
    if (held?.n !== "0") {
      throw new RefusedError(
        `${desired.name} was empty when this was planned and now holds ${held?.n ?? "some"} rows. Run \`up\` again.`,
      );
    }
  }
  await run(client, desired.statement.replace(/^\s*CREATE\s+TABLE/i, "CREATE OR REPLACE TABLE"));
}

/** What a change that was cut short may have left: a shadow table, and consumption that waits. */
async function settle(client: ClickHouseClient, desired: Desired): Promise<void> {
  await run(client, `DROP TABLE IF EXISTS ${quoteName(shadowName(desired.name))} SYNC`);
  for (const [view, { definition }] of Object.entries(desired.views)) {
    const standing = await observe(client, { name: view, kind: "view", statement: "" });
    const plan = planObject("view", standing?.definition, definition);
    // The view's own change comes later and lets its Kafka table read again.
    if (plan.label !== "none") return;
  }
  await startFed(client, desired.feeds);
}

async function pauseAll(client: ClickHouseClient, desired: Desired): Promise<void> {
  for (const table of Object.keys(desired.feeds)) await pauseConsumption(client, table);
}
