import type { TableDefinition } from "./definition";
import { columnChanges } from "./plan-columns";
import { clauseChanges, elementChanges } from "./plan-clauses";
import { NO_POLICY, type Policy } from "./policy";
import { quoteIdentifier, quoteName } from "./render";
import { forScratch } from "./scratch-statement";

/** What a change is, in the words that a preview shows. */
export type Label =
  | "none"
  | "created"
  | "in place"
  | "recreated, no rows lost"
  | "rebuilt, no rows lost"
  | "destroys rows"
  | "refused";

/** One difference and what is done about it. */
export interface Change {
  /** In a person's words, as `+ column region String after game_name`. */
  text: string;
  /** Clause of ALTER TABLE; absent where no ALTER can do it. */
  action?: string;
  /** Column whose stored values are written anew; `*` for whole rows. */
  rewrites?: string;
  /** What is lost by it, as `column b String`. */
  destroys?: string;
  /** Query that counts what is lost, `{table}` standing for the table's name. */
  lossQuery?: string;
}

/** What is to be done to a table that stands, so that it is as declared. */
export interface TablePlan {
  label: Label;
  changes: Change[];
  /** Clauses of ALTER TABLE that go first, in a statement of their own: RENAME allows no other beside it. */
  renames: string[];
  /** Clauses of one ALTER TABLE. */
  actions: string[];
  /** Clauses for what an ALTER leaves to do for rows stored before: MATERIALIZE INDEX. */
  follow: string[];
  /** Why no ALTER will do; empty where one does. */
  beyondAlter: string[];
  /** What is lost. Empty for every plan that keeps all rows. */
  destroys: string[];
}

export interface PlanOptions {
  policy?: Policy;
  /** Whether config allows rows of this object to be destroyed. */
  allowDestroy?: boolean;
}

/**
 * Compares a table as it stands with the table as declared; both in one engine's words. Pure.
 * Rows are kept, or the label says that they are not.
 */
export function planTable(
  observed: TableDefinition,
  desired: TableDefinition,
  { policy = NO_POLICY, allowDestroy = false }: PlanOptions = {},
): TablePlan {
  const renamed = policy.renames.filter(
    ({ from, to }) => has(observed, from) && !has(observed, to) && has(desired, to),
  );
  const before = renameColumns(observed, renamed);
  const columns = columnChanges(before, desired);
  const keys = keyChanges(before, desired);
  const rest = [...elementChanges(before, desired), ...clauseChanges(before, desired)];
  const changes: Change[] = [
    ...renamed.map(({ from, to }) => ({ text: `~ column ${from} is renamed to ${to}` })),
    ...columns,
    ...keys,
    ...rest,
  ];
  const beyondAlter = [...keys, ...rest]
    .filter(({ action }) => action === undefined)
    .map(({ text }) => text);
  const plan = {
    changes,
    renames: renamed.map(
      ({ from, to }) => `RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
    ),
    actions: changes.flatMap(({ action }) => action || []),
    follow: rest.flatMap(({ action }) => materialize(action)),
    beyondAlter,
    destroys: changes.flatMap(({ destroys }) => destroys ?? []),
  };
  return { label: labelOf(plan, policy, allowDestroy), ...plan };
}

/**
 * The statements that carry out a plan whose label is `in place`, in order. Columns are dropped when all that named
 * them has changed.
 */
export function alterStatements(name: string, plan: TablePlan): string[] {
  const table = `ALTER TABLE ${quoteName(name)}`;
  const settings = (verb: string) =>
    plan.actions.flatMap((action) =>
      action.startsWith(`${verb} SETTING `) ? [action.slice(`${verb} SETTING `.length)] : [],
    );
  const joined = (actions: readonly string[]) =>
    actions.length === 0 ? [] : [`${table} ${actions.join(", ")}`];
  const set = (verb: string) =>
    joined(settings(verb).length === 0 ? [] : [`${verb} SETTING ${settings(verb).join(", ")}`]);
  const others = plan.actions.filter((action) => !/^(MODIFY|RESET) SETTING /.test(action));
  return [
    ...joined(plan.renames),
    ...joined(others.filter((action) => !isDrop(action))),
    ...joined(others.filter(isDrop)),
    ...set("MODIFY"),
    ...set("RESET"),
    ...joined(plan.follow),
  ];
}

/** Whether a block that is stored meanwhile could fail half-way, so that messages have to wait. */
export function holdsMessages({ renames, beyondAlter, actions }: TablePlan): boolean {
  return renames.length > 0 || beyondAlter.length > 0 || actions.some(isDrop);
}

function isDrop(action: string): boolean {
  return action.startsWith("DROP COLUMN ");
}

/** The label of a plan; a plan that no ALTER carries out needs a rebuild, or leave to drop the rows. */
export function labelOf(
  plan: Pick<TablePlan, "changes" | "beyondAlter" | "destroys">,
  policy: Policy,
  allowDestroy: boolean,
): Label {
  if (plan.changes.length === 0) return "none";
  if (plan.destroys.length > 0) return allowDestroy ? "destroys rows" : "refused";
  if (plan.beyondAlter.length === 0) return "in place";
  if (policy.rebuild) return "rebuilt, no rows lost";
  return allowDestroy ? "destroys rows" : "refused";
}

function keyChanges(observed: TableDefinition, desired: TableDefinition): Change[] {
  const keys: [string, "engine" | "partitionKey" | "sortingKey" | "primaryKey" | "samplingKey"][] =
    [
      ["engine", "engine"],
      ["partition key", "partitionKey"],
      ["sorting key", "sortingKey"],
      ["primary key", "primaryKey"],
      ["sampling key", "samplingKey"],
    ];
  return keys
    .filter(([, key]) =>
      key === "engine"
        ? unreplicated(observed.engine) !== unreplicated(desired.engine)
        : observed[key] !== desired[key],
    )
    .map(([words, key]) => {
      const text = `~ ${words} ${shown(observed[key])} becomes ${shown(desired[key])}`;
      return key === "sortingKey" && extendsSortingKey(observed, desired)
        ? { text, action: `MODIFY ORDER BY (${desired.sortingKey})` }
        : { text };
    });
}

/**
 * The engine that a replica is by itself. The warehouse words a replicated one with its path, and the engine that words
 * what is declared is no replica.
 */
function unreplicated(engine: string): string {
  return forScratch(engine).replace(/\(\)$/, "");
}

/** A sorting key may grow, in place, by columns that the same ALTER adds. */
function extendsSortingKey(observed: TableDefinition, desired: TableDefinition): boolean {
  const head = `${observed.sortingKey}, `;
  if (!desired.sortingKey.startsWith(head) || observed.primaryKey !== desired.primaryKey)
    return false;
  const added = desired.sortingKey.slice(head.length).split(", ");
  return added.every((name) => !has(observed, name) && has(desired, name));
}

function materialize(action: string | undefined): string[] {
  const [, kind, name] = /^ADD (INDEX|PROJECTION) (`(?:[^`\\]|\\.)*`)/.exec(action ?? "") ?? [];
  return kind && name ? [`MATERIALIZE ${kind} ${name}`] : [];
}

function renameColumns(table: TableDefinition, renames: Policy["renames"]): TableDefinition {
  const columns = table.columns.map((column) => ({
    ...column,
    name: renames.find(({ from }) => from === column.name)?.to ?? column.name,
  }));
  return { ...table, columns };
}

function has(table: TableDefinition, column: string): boolean {
  return table.columns.some(({ name }) => name === column);
}

function shown(value: string): string {
  return value === "" ? "(none)" : value;
}
