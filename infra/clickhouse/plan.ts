import { quoteIdentifier, quoteString } from "./render";
import type { ColumnShape, TableShape } from "./shape";

/** What is to be done to a table that stands, so that it is as declared. */
export type TablePlan =
  | { label: "none" }
  | { label: "in place"; actions: string[] }
  | { label: "refused"; reasons: string[] };

/**
 * Compares a table as it stands with the table as declared. Actions are clauses of ALTER TABLE that keep
 * every row; whatever would need rows rewritten under another key, or dropped, is refused with its reason.
 */
export function planTable(observed: TableShape, desired: TableShape): TablePlan {
  const reasons = [...keyReasons(observed, desired), ...droppedColumns(observed, desired)];
  if (reasons.length > 0) return { label: "refused", reasons };
  const actions = [
    ...columnActions(observed, desired),
    ...indexActions(observed, desired),
    ...ttlActions(observed, desired),
    ...settingActions(observed, desired),
  ];
  return actions.length === 0 ? { label: "none" } : { label: "in place", actions };
}

function keyReasons(observed: TableShape, desired: TableShape): string[] {
  const keys: [string, keyof TableShape][] = [
    ["engine", "engine"],
    ["partition key", "partitionKey"],
    ["sorting key", "sortingKey"],
    ["primary key", "primaryKey"],
    ["sampling key", "samplingKey"],
  ];
  return keys
    .filter(([, key]) => observed[key] !== desired[key])
    .map(
      ([words, key]) =>
        `its ${words} is ${shown(observed[key])} and is declared ${shown(desired[key])}`,
    );
}

function droppedColumns(observed: TableShape, desired: TableShape): string[] {
  return observed.columns
    .filter((column) => !desired.columns.some((other) => other.name === column.name))
    .map(
      (column) =>
        `its column ${column.name} ${column.type} is no longer declared: dropping it destroys what it holds`,
    );
}

function columnActions(observed: TableShape, desired: TableShape): string[] {
  return desired.columns.flatMap((column, i) => {
    const standing = observed.columns.find((other) => other.name === column.name);
    const previous = desired.columns[i - 1];
    const place = previous ? ` AFTER ${quoteIdentifier(previous.name)}` : " FIRST";
    if (!standing) return [`ADD COLUMN ${columnText(column)}${place}`];
    const actions: string[] = [];
    if (columnText({ ...standing, comment: "" }) !== columnText({ ...column, comment: "" })) {
      if (standing.default_kind !== "" && column.default_kind === "") {
        actions.push(
          `MODIFY COLUMN ${quoteIdentifier(column.name)} REMOVE ${standing.default_kind}`,
        );
      }
      if (standing.compression_codec !== "" && column.compression_codec === "") {
        actions.push(`MODIFY COLUMN ${quoteIdentifier(column.name)} REMOVE CODEC`);
      }
      actions.push(`MODIFY COLUMN ${columnText({ ...column, comment: "" })}`);
    }
    if (standing.comment !== column.comment) {
      actions.push(`COMMENT COLUMN ${quoteIdentifier(column.name)} ${quoteString(column.comment)}`);
    }
    return actions;
  });
}

function columnText(column: ColumnShape): string {
  return [
    quoteIdentifier(column.name),
    column.type,
    column.default_kind === "" ? "" : `${column.default_kind} ${column.default_expression}`,
    column.comment === "" ? "" : `COMMENT ${quoteString(column.comment)}`,
    column.compression_codec,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function indexActions(observed: TableShape, desired: TableShape): string[] {
  const text = (index: TableShape["indices"][number]) =>
    `${index.expr} TYPE ${index.type_full} GRANULARITY ${index.granularity}`;
  const gone = observed.indices.filter(
    (index) =>
      !desired.indices.some((other) => other.name === index.name && text(other) === text(index)),
  );
  const added = desired.indices.filter(
    (index) =>
      !observed.indices.some((other) => other.name === index.name && text(other) === text(index)),
  );
  return [
    ...gone.map((index) => `DROP INDEX ${quoteIdentifier(index.name)}`),
    ...added.map((index) => `ADD INDEX ${quoteIdentifier(index.name)} ${text(index)}`),
  ];
}

function ttlActions(observed: TableShape, desired: TableShape): string[] {
  if (observed.ttl === desired.ttl) return [];
  return [desired.ttl === "" ? "REMOVE TTL" : `MODIFY TTL ${desired.ttl}`];
}

function settingActions(observed: TableShape, desired: TableShape): string[] {
  const changed = Object.entries(desired.settings).filter(
    ([key, value]) => observed.settings[key] !== value,
  );
  const gone = Object.keys(observed.settings).filter((key) => !(key in desired.settings));
  return [
    ...(changed.length > 0
      ? [`MODIFY SETTING ${changed.map(([key, value]) => `${key} = ${value}`).join(", ")}`]
      : []),
    ...(gone.length > 0 ? [`RESET SETTING ${gone.join(", ")}`] : []),
  ];
}

function shown(value: unknown): string {
  return value === "" ? "absent" : String(value);
}
