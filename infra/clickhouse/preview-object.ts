import type { ClickHouseClient } from "@clickhouse/client";
import { costWords } from "./costs";
import type { Desired } from "./desired";
import type { StoredObject } from "./last-state";
import { isOwn } from "./ledger";
import { observeAll, type Observed } from "./observe";
import type { TablePlan } from "./plan";
import { planObject, planOfTable, type ObjectPlan } from "./plan-object";
import { planWords } from "./plan-words";
import { livePlan, tableChange } from "./reconcile";
import { inTheWay, notDropped, refusal } from "./refusal";
import { heldRows } from "./remove";
import { sourceOf } from "./statement";
import type { TableChange } from "./table-plan";

const UNANSWERED = "costs are unknown, because the warehouse does not answer";

/** An object as declared; parts are missing that a preview cannot know. */
export interface Wanted extends Omit<
  Desired,
  "statement" | "definition" | "views" | "below" | "feeds"
> {
  statement: string | undefined;
  definition: string | undefined;
  upstream: Record<string, string | undefined>;
}

/** An object to be planned, with what there is to compare it with. */
export interface Look {
  object: Wanted;
  /** Undefined where a preview cannot know what is declared. */
  desired: Desired | undefined;
  stored: StoredObject | undefined;
  /** In the warehouse, where that answers. */
  standing: Observed | undefined;
}

/** Looks at what stands in the warehouse, or else at what was stored. */
export async function look(
  objects: readonly Wanted[],
  stored: ReadonlyMap<string, StoredObject>,
  client: ClickHouseClient | undefined,
): Promise<Look[]> {
  const looks = objects.map((object) => ({
    object,
    desired: desiredOf(object),
    stored: stored.get(object.name),
  }));
  const sought = looks.flatMap(({ desired }) => desired ?? []);
  const standing = client ? await observeAll(client, sought) : undefined;
  return looks.map((one) => ({ ...one, standing: standing?.get(one.object.name) }));
}

function desiredOf(object: Wanted): Desired | undefined {
  const { statement, definition } = object;
  if (statement === undefined || definition === undefined) return undefined;
  return { ...object, statement, definition, feeds: {}, views: {}, below: {} };
}

/** What a table's plan is made of, by the warehouse or else by state. */
export function tableOf({ desired, stored, standing }: Look): TableChange[] {
  const observed = standing?.definition ?? stored?.definition;
  return desired?.kind === "table" && observed !== undefined
    ? [tableChange(desired, observed)]
    : [];
}

/** Whether what it reads from is made anew, as far as that is known. */
export function follows(object: Wanted, stored: StoredObject): boolean {
  return Object.entries(object.upstream).some(
    ([name, digest]) => digest !== undefined && stored.upstream[name] !== digest,
  );
}

/** What a preview says of an object that its files change. @throws RefusedError */
export async function planOne(
  { object, desired, stored, standing }: Look,
  tables: ReadonlyMap<string, TablePlan>,
  client: ClickHouseClient | undefined,
): Promise<string | undefined> {
  if (!desired) return undefined;
  const proven = tables.get(desired.name);
  if (client) {
    const following = stored ? follows(object, stored) : false;
    return fromWarehouse(client, { desired, stored, standing, following, proven });
  }
  if (!stored) return undefined;
  const plan = proven
    ? planOfTable(proven)
    : planObject(desired.kind, stored.definition, desired.definition, desired);
  return planWords(desired.name, plan, UNANSWERED);
}

interface Compared {
  desired: Desired;
  stored: StoredObject | undefined;
  standing: Observed | undefined;
  /** Whether what it reads from is made anew. */
  following: boolean;
  proven: TablePlan | undefined;
}

async function fromWarehouse(
  client: ClickHouseClient,
  { desired, stored, standing, following, proven }: Compared,
): Promise<string | undefined> {
  const { name, kind } = desired;
  if (!standing) {
    if (stored) return `${name}: created again, as it is gone from the warehouse.`;
    return desired.policy.backfill ? await backfillWords(client, desired) : undefined;
  }
  const plan = await livePlan(client, desired, standing, proven);
  if (!stored && kind !== "access" && !(await isOwn(client, name))) {
    if (plan.label !== "none" || !desired.policy.adopt)
      throw inTheWay(desired, standing.definition, plan);
    return `${name}: adopted as it stands.`;
  }
  if (plan.label === "refused") throw refusal(desired, standing.definition, plan);
  if (plan.label !== "none" || !following)
    return planWords(name, plan, await costWords(client, name, plan));
  // A view follows its Kafka table, which brings it back itself.
  if (kind !== "kafka") return undefined;
  const why = "~ what its named collection says, which it takes over only when it is made anew";
  const again: ObjectPlan = {
    ...plan,
    label: "recreated, no rows lost",
    changes: [{ text: why }],
    pause: "about a second",
  };
  return planWords(name, again, "rewrites nothing");
}

async function backfillWords(client: ClickHouseClient, desired: Desired): Promise<string> {
  const source = sourceOf(desired.definition);
  const held = await heldRows(client, { name: source, kind: "table" });
  const size = `${held?.rows ?? 0} rows (${held?.size ?? "0 B"})`;
  return `${desired.name}: created, and its target filled from the ${size} that ${source} holds; pause of consumption: about a second`;
}

/** What becomes of an object whose file is gone. */
export async function planGone(
  { name, kind }: StoredObject,
  allowDestroy: readonly string[],
  client: ClickHouseClient | undefined,
): Promise<string> {
  const dropped = `${name}: dropped, as no file declares it`;
  if (!client) return `${dropped}; ${UNANSWERED}`;
  const held = await heldRows(client, { name, kind });
  if (held === undefined || held.rows === 0) return `${dropped}; no rows lost`;
  if (!allowDestroy.includes(name)) throw notDropped(name, held);
  return `${dropped}: destroys ${held.rows} rows (${held.size})`;
}
