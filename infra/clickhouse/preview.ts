import type * as pulumi from "@pulumi/pulumi";
import type { ClickHouseClient } from "@clickhouse/client";
import { answering } from "./answering";
import { withClient, type Connection } from "./client";
import { costWords } from "./costs";
import type { Desired } from "./desired";
import type { StoredObject } from "./last-state";
import { isOwn } from "./ledger";
import { observe } from "./observe";
import { planObject, planOfTable, type ObjectPlan } from "./plan-object";
import { planWords } from "./plan-words";
import { livePlan } from "./reconcile";
import { inTheWay, notDropped, refusal, RefusedError } from "./refusal";
import { heldRows } from "./remove";
import { sourceOf } from "./statement";
import { planInScratch } from "./table-plan";

const UNANSWERED = "costs are unknown, because the warehouse does not answer";

/** An object as declared; parts are missing that a preview cannot know. */
export interface Wanted extends Omit<Desired, "statement" | "definition" | "views" | "feeds"> {
  statement: string | undefined;
  definition: string | undefined;
  upstream: Record<string, string | undefined>;
}

/** What is to be said of an object, and what forbids the whole change. */
export interface Forecast {
  words: Map<string, string>;
  /** Refusals, each with its reason and the way out. */
  refusals: string[];
}

/**
 * Plans every object that differs from the stack's state, by the warehouse where it answers. A stack without
 * changes asks nobody.
 */
export async function forecast(
  wanted: readonly Wanted[],
  stored: ReadonlyMap<string, StoredObject>,
  connection: pulumi.Output<Connection>,
  allowDestroy: readonly string[],
): Promise<Forecast> {
  const names = new Set(wanted.map(({ name }) => name));
  const gone = [...stored.values()].filter(({ name }) => !names.has(name));
  const touched = wanted.filter((object) => differs(object, stored.get(object.name)));
  const result: Forecast = { words: new Map(), refusals: [] };
  if (touched.length + gone.length === 0) return result;
  const reached = await answering(connection);
  const tell = async (name: string, work: () => Promise<string | undefined>) => {
    try {
      const text = await work();
      if (text !== undefined) result.words.set(name, text);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      result.refusals.push(error.message);
    }
  };
  const all = async (client?: ClickHouseClient) => {
    for (const object of touched) {
      await tell(object.name, () => planOne(object, stored.get(object.name), client));
    }
    for (const object of gone) {
      await tell(object.name, () => planGone(object, allowDestroy, client));
    }
  };
  await (reached ? withClient(reached, all) : all());
  return result;
}

function differs(object: Wanted, stored: StoredObject | undefined): boolean {
  if (!stored) return true;
  if (object.definition === undefined) return false;
  return object.definition !== stored.definition || follows(object, stored);
}

/** Whether what it reads from is made anew, as far as that is known. */
function follows(object: Wanted, stored: StoredObject): boolean {
  return Object.entries(object.upstream).some(
    ([name, digest]) => digest !== undefined && stored.upstream[name] !== digest,
  );
}

async function planOne(
  object: Wanted,
  stored: StoredObject | undefined,
  client: ClickHouseClient | undefined,
): Promise<string | undefined> {
  const { statement, definition } = object;
  if (statement === undefined || definition === undefined) return undefined;
  const desired: Desired = { ...object, statement, definition, feeds: {}, views: {} };
  if (client)
    return fromWarehouse(client, desired, stored, stored ? follows(object, stored) : false);
  if (!stored) return undefined;
  const plan = fromState(desired, stored.definition);
  return planWords(desired.name, plan, UNANSWERED);
}

function fromState(desired: Desired, observed: string): ObjectPlan {
  if (desired.kind !== "table")
    return planObject(desired.kind, observed, desired.definition, desired);
  return planOfTable(planInScratch(desired.name, observed, desired.definition, desired));
}

async function fromWarehouse(
  client: ClickHouseClient,
  desired: Desired,
  stored: StoredObject | undefined,
  following: boolean,
): Promise<string | undefined> {
  const { name, kind } = desired;
  const standing = await observe(client, desired);
  if (!standing) {
    if (stored) return `${name}: created again, as it is gone from the warehouse.`;
    return desired.policy.backfill ? await backfillWords(client, desired) : undefined;
  }
  const plan = await livePlan(client, desired, standing);
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
async function planGone(
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
