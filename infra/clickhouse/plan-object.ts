import type { ObjectKind } from "./catalog";
import { parseTable } from "./definition";
import {
  holdsMessages,
  planTable,
  type Change,
  type Label,
  type PlanOptions,
  type TablePlan,
} from "./plan";
import { columnChanges } from "./plan-columns";
import { viewParts } from "./statement";

/** What is to be done to one object, whatever its kind. */
export interface ObjectPlan {
  label: Label;
  changes: Change[];
  /** How long its topic's messages wait in Kafka meanwhile. */
  pause: "none" | "about a second" | "while its rows are copied";
  /** What is lost, or stored again. Empty where every row is kept and none repeated. */
  destroys: string[];
  /** For a table: how. */
  table?: TablePlan;
}

const UNCHANGED: ObjectPlan = { label: "none", changes: [], pause: "none", destroys: [] };

/**
 * Compares an object as it stands with the object as declared, both in the engine's words. Pure.
 * @param observed undefined where there is none.
 */
export function planObject(
  kind: ObjectKind,
  observed: string | undefined,
  desired: string,
  options: PlanOptions = {},
): ObjectPlan {
  if (observed === undefined) return { ...UNCHANGED, label: "created" };
  switch (kind) {
    case "table":
      return planOfTable(planTable(parseTable(observed), parseTable(desired), options));
    case "kafka":
      return planKafka(observed, desired, options);
    case "view":
      return planView(observed, desired);
    case "dictionary":
      return planWhole(observed, desired, "recreated, no rows lost");
    case "collection":
    case "query":
    case "access":
      return planWhole(observed, desired, "in place");
    case "database":
      return planDatabase(observed, desired);
  }
}

export function planOfTable(plan: TablePlan): ObjectPlan {
  const { label, changes, destroys } = plan;
  const copies = label === "rebuilt, no rows lost";
  const brief = holdsMessages(plan) ? "about a second" : "none";
  const pause = copies ? "while its rows are copied" : brief;
  return { label, changes, destroys, table: plan, pause: label === "refused" ? "none" : pause };
}

function planKafka(observed: string, desired: string, options: PlanOptions): ObjectPlan {
  const [from, to] = [parseTable(observed), parseTable(desired)];
  const columns = columnChanges(from, to).map(({ text }) => ({ text }));
  const keys = [...new Set([...Object.keys(from.settings), ...Object.keys(to.settings)])];
  const settings = keys
    .filter((key) => from.settings[key] !== to.settings[key])
    .map((key) => ({
      text: `~ setting ${key} ${from.settings[key] ?? "(default)"} becomes ${to.settings[key] ?? "the engine's default"}`,
    }));
  const engine =
    from.engine === to.engine ? [] : [{ text: `~ engine ${from.engine} becomes ${to.engine}` }];
  const changes = [...columns, ...engine, ...settings];
  if (changes.length === 0) return UNCHANGED;
  const group = "kafka_group_name";
  const destroys =
    from.settings[group] === to.settings[group]
      ? []
      : [
          `nothing, but what is stored is stored again: ${to.settings[group] ?? "the new group"} has read nothing yet and begins with the topic's first message`,
        ];
  const refused = destroys.length > 0 && !options.allowDestroy;
  return {
    label: refused ? "refused" : destroys.length > 0 ? "destroys rows" : "recreated, no rows lost",
    changes,
    destroys,
    pause: refused ? "none" : "about a second",
  };
}

function planView(observed: string, desired: string): ObjectPlan {
  const [from, to] = [viewParts(observed), viewParts(desired)];
  if (from.target !== to.target) {
    const changes = [{ text: `~ target ${from.target} becomes ${to.target}` }];
    return { ...UNCHANGED, label: "recreated, no rows lost", changes, pause: "about a second" };
  }
  if (from.query === to.query) return UNCHANGED;
  const changes = [{ text: `~ query ${from.query}\n  becomes ${to.query}` }];
  return { ...UNCHANGED, label: "in place", changes };
}

function planWhole(observed: string, desired: string, label: Label): ObjectPlan {
  if (observed === desired) return UNCHANGED;
  return { ...UNCHANGED, label, changes: [{ text: `~ ${observed}\n  becomes ${desired}` }] };
}

/** A database is not changed once it is there: only an engine that is declared and another would be. */
function planDatabase(observed: string, desired: string): ObjectPlan {
  const engine = (text: string) => /\bENGINE = (\w+)/.exec(text)?.[1];
  const [from, to] = [engine(observed), engine(desired)];
  if (to === undefined || from === to) return UNCHANGED;
  const changes = [{ text: `~ engine ${from ?? "(none)"} becomes ${to}` }];
  return { ...UNCHANGED, label: "refused", changes, destroys: ["every table in it"] };
}
