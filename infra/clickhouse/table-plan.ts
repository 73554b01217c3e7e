import type { ClickHouseClient } from "@clickhouse/client";
import { rows } from "./client";
import { parseTable, type TableDefinition } from "./definition";
import { wholeTable } from "./everywhere";
import {
  alterStatements,
  labelOf,
  planTable,
  type Change,
  type PlanOptions,
  type TablePlan,
} from "./plan";
import { NO_POLICY } from "./policy";
import { quoteIdentifier } from "./render";
import { engineWords, Scratch, STANDING_DATABASE } from "./scratch";
import { forScratch } from "./scratch-statement";
import { renameObject } from "./statement";

/**
 * The plan for a table, proven: its statements are run on an empty copy of the table in the scratch engine,
 * and what comes out is compared with what is declared. A plan that falls short says so.
 */
export function provenPlan(
  scratch: Scratch,
  name: string,
  observed: string,
  desired: string,
  options: PlanOptions = {},
): TablePlan {
  const copy = `${STANDING_DATABASE}.${quoteIdentifier(name)}`;
  const standing = () => parseTable(scratch.definition(STANDING_DATABASE, name));
  try {
    scratch.run(`DROP TABLE IF EXISTS ${copy} SYNC`);
    scratch.run(forScratch(renameObject(observed, copy)));
  } catch {
    // The warehouse has what this engine lacks: its own words have to do, and nothing can be tried.
    return planTable(parseTable(observed), parseTable(desired), options);
  }
  const wanted = parseTable(desired);
  const plan = planTable(withEngineOf(standing(), observed), wanted, options);
  if (plan.changes.length === 0 || plan.beyondAlter.length > 0) return plan;
  const shortfalls =
    tryOut(scratch, copy, plan) ?? missing(withEngineOf(standing(), observed), wanted);
  if (shortfalls.length === 0) return plan;
  const beyondAlter = [...plan.beyondAlter, ...shortfalls];
  const { policy = NO_POLICY, allowDestroy = false } = options;
  return { ...plan, beyondAlter, label: labelOf({ ...plan, beyondAlter }, policy, allowDestroy) };
}

/** A table as it stands and as it is declared. */
export interface TableChange {
  name: string;
  observed: string;
  desired: string;
  options?: PlanOptions;
}

/** The proven plan, in a scratch engine opened for it. */
export function planInScratch(change: TableChange): TablePlan {
  const plan = plansInScratch([change]).get(change.name);
  if (!plan) throw new Error(`${change.name} was not planned`);
  return plan;
}

/**
 * The proven plans, by table, in one scratch engine opened for them all: opening it takes longer than planning.
 * At no time is more than one open: this awaits nothing.
 */
export function plansInScratch(changes: readonly TableChange[]): Map<string, TablePlan> {
  if (changes.length === 0) return new Map();
  const scratch = new Scratch(changes.flatMap(({ observed, desired }) => [observed, desired]));
  try {
    return new Map(
      changes.map(({ name, observed, desired, options }) => [
        name,
        provenPlan(scratch, name, observed, desired, options),
      ]),
    );
  } finally {
    scratch.close();
  }
}

/** The engine's refusal, or undefined where it takes every statement. */
function tryOut(scratch: Scratch, copy: string, plan: TablePlan): string[] | undefined {
  try {
    for (const statement of alterStatements("x", plan)) {
      scratch.run(statement.replace(/^ALTER TABLE `x`/, `ALTER TABLE ${copy}`));
    }
    return undefined;
  } catch (error) {
    return [`the engine refuses to alter it: ${engineWords(error)}`];
  }
}

function missing(reached: TableDefinition, wanted: TableDefinition): string[] {
  return planTable(reached, wanted).changes.map(({ text }) => `an ALTER leaves open: ${text}`);
}

/** A replicated table stands here as a plain one; its engine is the one it has in the warehouse. */
function withEngineOf(table: TableDefinition, observed: string): TableDefinition {
  const { engine } = parseTable(observed);
  return engine.startsWith("Replicated") ? { ...table, engine } : table;
}

/**
 * Asks the warehouse how much each loss of the plan comes to. What comes to nothing is no loss, and a table
 * without rows may be made anew.
 */
export async function weighed(
  client: ClickHouseClient,
  name: string,
  plan: TablePlan,
  options: PlanOptions = {},
): Promise<TablePlan> {
  if (plan.destroys.length === 0 && plan.beyondAlter.length === 0) return plan;
  const changes = await Promise.all(
    plan.changes.map(async (change): Promise<Change> => {
      const { destroys, lossQuery, ...kept } = change;
      if (destroys === undefined) return change;
      const lost = lossQuery === undefined ? undefined : await count(client, name, lossQuery);
      if (lost === 0) return kept;
      return lost === undefined ? change : { ...change, destroys: `${lost} rows: ${destroys}` };
    }),
  );
  const destroys = changes.flatMap((change) => change.destroys ?? []);
  const weighedPlan = { ...plan, changes, destroys };
  const { policy = NO_POLICY, allowDestroy = false } = options;
  if (plan.beyondAlter.length > 0) {
    const held = await count(client, name, "SELECT count() FROM {table}");
    if (held === 0) return { ...weighedPlan, destroys: [], label: "recreated, no rows lost" };
    if (!policy.rebuild) {
      const all = [`${held ?? "all"} rows: a table of another key or engine begins empty`];
      return { ...weighedPlan, destroys: all, label: allowDestroy ? "destroys rows" : "refused" };
    }
  }
  return { ...weighedPlan, label: labelOf(weighedPlan, policy, allowDestroy) };
}

async function count(
  client: ClickHouseClient,
  name: string,
  query: string,
): Promise<number | undefined> {
  try {
    const sql = `SELECT toString(*) AS n FROM (${query.replace("{table}", wholeTable(name))})`;
    const [row] = await rows<{ n: string }>(client, sql);
    return row === undefined ? undefined : Number(row.n);
  } catch {
    return undefined;
  }
}
