import type { ClickHouseClient } from "@clickhouse/client";
import { backfill } from "./backfill";
import { changeKafkaTable, changeView, placeKafkaTable, startFed } from "./change-flow";
import { changeTable } from "./change-table";
import { run } from "./client";
import { attach } from "./consumption";
import type { Desired } from "./desired";
import { isOwn, note } from "./ledger";
import { observe, type Observed } from "./observe";
import type { TablePlan } from "./plan";
import { planObject, planOfTable, type ObjectPlan } from "./plan-object";
import { quoteIdentifier } from "./render";
import { inTheWay, refusal } from "./refusal";
import { collectionSettings } from "./statement";
import { planInScratch, weighed, type TableChange } from "./table-plan";

export { RefusedError } from "./refusal";

/**
 * Makes a new object of the stack. One of ours, left half-made, is brought to its end.
 * @throws RefusedError where another's object stands in its place.
 */
export async function establish(client: ClickHouseClient, desired: Desired): Promise<void> {
  const standing = await standingNow(client, desired);
  if (!standing) return make(client, desired);
  if (desired.kind === "access") return change(client, desired, standing, false);
  if (!(await isOwn(client, desired.name))) {
    const plan = await livePlan(client, desired, standing);
    if (plan.label !== "none" || !desired.policy.adopt)
      throw inTheWay(desired, standing.definition, plan);
    await note(client, desired.name, "adopted");
  }
  await change(client, desired, standing, false);
  if (desired.policy.backfill) await backfill(client, desired);
}

/**
 * Brings an object of the stack from whatever stands now to what is declared, without losing a row.
 * @param follows whether what it reads from was made anew, so that it has to be too.
 * @throws RefusedError where that cannot be done without destroying rows.
 */
export async function reconcile(
  client: ClickHouseClient,
  desired: Desired,
  follows: boolean,
): Promise<void> {
  const standing = await standingNow(client, desired);
  if (!standing) return make(client, desired);
  return change(client, desired, standing, follows);
}

/** The object as it stands. A Kafka table of ours that a person paused, by detaching it, comes back for that. */
async function standingNow(
  client: ClickHouseClient,
  desired: Desired,
): Promise<Observed | undefined> {
  const standing = await observe(client, desired);
  if (standing || desired.kind !== "kafka" || !(await isOwn(client, desired.name))) return standing;
  return (await attach(client, desired.name)) ? observe(client, desired) : undefined;
}

/**
 * What `reconcile` would do now.
 * @param proven A table's plan, where it was made before.
 */
export async function livePlan(
  client: ClickHouseClient,
  desired: Desired,
  standing: Observed,
  proven?: TablePlan,
): Promise<ObjectPlan> {
  if (desired.kind === "collection") return planCollection(desired, standing);
  if (desired.kind !== "table") {
    const plan = planObject(desired.kind, standing.definition, desired.definition, desired);
    return standing.waits && plan.label === "none" ? BROUGHT_TO_ITS_END : plan;
  }
  const plan = proven ?? planInScratch(tableChange(desired, standing.definition));
  return planOfTable(await weighed(client, desired.name, plan, desired));
}

const BROUGHT_TO_ITS_END: ObjectPlan = {
  label: "recreated, no rows lost",
  changes: [{ text: "~ a change of it that was cut short, so that its messages wait in Kafka" }],
  pause: "about a second",
  destroys: [],
};

/** What a table's plan is made of. */
export function tableChange(desired: Desired, observed: string): TableChange {
  return { name: desired.name, observed, desired: desired.definition, options: desired };
}

/** The engine hides a collection's values, so it is set anew whenever its keys or its file differ. */
function planCollection(desired: Desired, standing: Observed): ObjectPlan {
  const keys = collectionSettings(desired.statement).map(({ key }) => key.replace(/[`"]/g, ""));
  const same = keys.sort().join() === standing.keys.join();
  const changes = same
    ? []
    : [{ text: `~ keys ${standing.keys.join(", ")} become ${keys.join(", ")}` }];
  return { label: same ? "none" : "in place", changes, pause: "none", destroys: [] };
}

async function make(client: ClickHouseClient, desired: Desired): Promise<void> {
  if (desired.kind === "access") return run(client, desired.statement);
  await note(client, desired.name, "making", desired.statement);
  if (desired.kind === "kafka") return placeKafkaTable(client, desired);
  if (desired.kind === "view" && desired.policy.backfill) return backfill(client, desired);
  await run(client, desired.statement);
  if (desired.kind === "view") await startFed(client, desired.feeds);
}

async function change(
  client: ClickHouseClient,
  desired: Desired,
  standing: Observed,
  follows: boolean,
): Promise<void> {
  if (desired.kind === "collection") return alterCollection(client, desired, standing);
  const plan = await livePlan(client, desired, standing);
  if (plan.label === "refused") throw refusal(desired, standing.definition, plan);
  switch (desired.kind) {
    case "table":
      return changeTable(client, desired, plan);
    case "kafka":
      return changeKafkaTable(client, desired, plan, follows);
    case "view":
      return changeView(client, desired, plan);
    case "dictionary":
    case "query":
      if (plan.label === "none") return;
      return run(client, desired.statement.replace(/^\s*CREATE\b/i, "CREATE OR REPLACE"));
    case "access":
      if (plan.label === "none") return;
      return run(client, desired.statement.replace(/^\s*CREATE\b/i, "ALTER"));
    case "database":
      return;
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
