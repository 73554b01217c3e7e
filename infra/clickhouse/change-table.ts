import type { ClickHouseClient } from "@clickhouse/client";
import { closeFed, dropView, makeMissing, modifyQuery, startFed } from "./change-flow";
import { rows, run } from "./client";
import type { DeclaredView, Desired } from "./desired";
import { wholeTable } from "./everywhere";
import { note, notes } from "./ledger";
import { observe, type Observed } from "./observe";
import { alterStatements, holdsMessages } from "./plan";
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
  if (!holdsMessages(table)) return alter(client, desired, alterStatements(desired.name, table));
  await closeFed(client, desired.feeds);
  const standing = await observe(client, desired);
  const views = table.renames.length > 0 ? await dropWriters(client, desired) : {};
  const [first = "", ...more] =
    table.beyondAlter.length === 0 ? alterStatements(desired.name, table) : [];
  try {
    if (table.beyondAlter.length === 0) await alter(client, desired, [first]);
    else if (plan.label === "recreated, no rows lost" || !desired.policy.rebuild)
      await replace(client, desired, plan);
    else await rebuild(client, desired);
  } catch (error) {
    await undo(client, desired, standing, views).catch(() => undefined);
    throw error;
  }
  await alter(client, desired, more);
  await settle(client, desired);
}

async function alter(
  client: ClickHouseClient,
  { below }: Desired,
  statements: readonly string[],
): Promise<void> {
  for (const statement of statements) {
    // ClickHouse drops no column that a view reads.
    if (/ DROP COLUMN /.test(statement)) await settleViews(client, below);
    await run(client, statement);
  }
}

/**
 * A view that writes the old name of a column would have its values dropped without a word. While it is missing,
 * its Kafka table does not read, whatever ends meanwhile.
 */
async function dropWriters(client: ClickHouseClient, desired: Desired): Promise<Desired["views"]> {
  const dropped: Desired["views"] = {};
  for (const view of Object.keys(desired.views)) {
    const standing = await observe(client, { name: view, kind: "view", statement: "" });
    if (!standing) continue;
    await note(client, view, "changing", standing.definition);
    await dropView(client, view);
    dropped[view] = { statement: standing.definition, definition: standing.definition };
  }
  return dropped;
}

/** Lets the views write again as they did, where the table is still as it was. */
async function undo(
  client: ClickHouseClient,
  desired: Desired,
  before: Observed | undefined,
  views: Desired["views"],
): Promise<void> {
  const standing = await observe(client, desired);
  if (standing?.fingerprint !== before?.fingerprint) return;
  await makeMissing(client, views);
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
      `SELECT toString(count()) AS n FROM ${wholeTable(desired.name)}`,
    );
    if (held?.n !== "0") {
      throw new RefusedError(
        `${desired.name} was empty when this was planned and now holds ${held?.n ?? "some"} rows. Run \`up\` again.`,
      );
    }
  }
  await run(client, desired.statement.replace(/^\s*CREATE\s+TABLE/i, "CREATE OR REPLACE TABLE"));
}

/** Leaves no shadow table, and its views as declared, before messages are read again. */
async function settle(client: ClickHouseClient, desired: Desired): Promise<void> {
  await run(client, `DROP TABLE IF EXISTS ${quoteName(shadowName(desired.name))} SYNC`);
  try {
    // A view that reads a name the table has no more would fail with each block.
    await settleViews(client, desired.below);
    await settleViews(client, desired.views);
  } catch (error) {
    // Its Kafka table changes next, makes the view and reads again.
    if ((error as { code?: unknown }).code === UNKNOWN_IDENTIFIER) return;
    throw error;
  }
  await startFed(client, desired.feeds);
}

async function settleViews(client: ClickHouseClient, views: Desired["views"]): Promise<void> {
  for (const [view, declared] of Object.entries(views)) await settleView(client, view, declared);
}

async function settleView(
  client: ClickHouseClient,
  view: string,
  declared: DeclaredView,
): Promise<void> {
  const standing = await observe(client, { name: view, kind: "view", statement: "" });
  if (standing) {
    const plan = planObject("view", standing.definition, declared.definition);
    if (plan.label === "in place") await modifyQuery(client, view, declared.statement);
    return;
  }
  // One that was never made is its own resource's business.
  const wasDropped = (await notes(client, view)).at(-1)?.step === "changing";
  if (wasDropped) await run(client, declared.statement);
}
