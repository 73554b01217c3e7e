import type { ClickHouseClient } from "@clickhouse/client";
import { run } from "./client";
import type { Desired } from "./desired";
import { closeGate, makeStandIn, openGate, replaceAside } from "./gate";
import { note } from "./ledger";
import { observe, stands, viewsReading } from "./observe";
import type { ObjectPlan } from "./plan-object";
import { quoteName } from "./render";
import { viewParts } from "./statement";

/** Lets Kafka tables read again whose declared views all stand. */
export async function startFed(client: ClickHouseClient, feeds: Desired["feeds"]): Promise<void> {
  for (const [table, declared] of Object.entries(feeds)) {
    const standing = await viewsReading(client, table);
    if (declared.every((view) => standing.includes(view))) await openGate(client, table);
  }
}

/** Has the messages of Kafka tables wait, even beyond a restart of the server, until `startFed`. */
export async function closeFed(client: ClickHouseClient, feeds: Desired["feeds"]): Promise<void> {
  for (const table of Object.keys(feeds)) await closeGate(client, table);
}

/** Makes a Kafka table again where it or what it reads by has changed. */
export async function changeKafkaTable(
  client: ClickHouseClient,
  desired: Desired,
  plan: ObjectPlan,
  follows: boolean,
): Promise<void> {
  if (plan.label === "none" && !follows) return startFed(client, desired.feeds);
  await note(client, desired.name, "changing", desired.statement);
  await placeKafkaTable(client, desired);
}

/**
 * Makes a Kafka table, or replaces it in its consumer group, as it cannot be altered. All of that happens behind
 * its closed gate, so that its declared views, which are made anew with it, begin with the same message: else the
 * first one alone would see the first messages, and what the others keep of them would be missing for good.
 * Where the engine refuses the table, nothing has changed.
 */
export async function placeKafkaTable(client: ClickHouseClient, desired: Desired): Promise<void> {
  const { name, statement, views } = desired;
  await closeGate(client, name);
  try {
    await replaceAside(client, name, statement);
  } catch (error) {
    await startFed(client, desired.feeds);
    throw error;
  }
  const reading = await viewsReading(client, name);
  for (const view of reading.filter((one) => one in views)) await dropView(client, view);
  await makeStandIn(client, name, statement);
  for (const view of reading.filter((one) => !(one in views))) await dropIfBroken(client, view);
  await makeMissing(client, views);
  await startFed(client, desired.feeds);
}

/** Makes those of the declared views that do not stand. */
export async function makeMissing(
  client: ClickHouseClient,
  views: Desired["views"],
): Promise<void> {
  for (const [view, { statement }] of Object.entries(views)) {
    if (await stands(client, view)) continue;
    await note(client, view, "making", statement);
    await run(client, statement);
  }
}

/** A view that nobody declares stays, unless it would fail with each block from now on. */
async function dropIfBroken(client: ClickHouseClient, view: string): Promise<void> {
  const standing = await observe(client, { name: view, kind: "view", statement: "" });
  if (!standing) return;
  try {
    await run(client, `DESCRIBE TABLE (${viewParts(standing.definition).query})`);
  } catch (error) {
    await note(client, view, "dropped", `${standing.definition} -- ${String(error)}`);
    await dropView(client, view);
  }
}

export function dropView(client: ClickHouseClient, view: string): Promise<void> {
  return run(client, `DROP VIEW IF EXISTS ${quoteName(view)} SYNC`);
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
    await closeFed(client, desired.feeds);
    await dropView(client, desired.name);
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
