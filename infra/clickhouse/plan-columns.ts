import type { Column, TableDefinition } from "./definition";
import type { Change } from "./plan";
import { quoteIdentifier, quoteString } from "./render";
import { widens } from "./widening";

/** Columns added, changed, moved and dropped, as clauses of ALTER TABLE. */
export function columnChanges(observed: TableDefinition, desired: TableDefinition): Change[] {
  const gone = observed.columns.filter((column) => !find(desired, column.name));
  const dropped = gone.map((column) => ({
    text: `- column ${column.name} ${column.type}`,
    action: `DROP COLUMN ${quoteIdentifier(column.name)}`,
    ...(isStored(column)
      ? {
          destroys: `column ${column.name} ${column.type}`,
          lossQuery: "SELECT count() FROM {table}",
        }
      : {}),
  }));
  const order = observed.columns
    .filter((column) => find(desired, column.name))
    .map(({ name }) => name);
  const changed = desired.columns.flatMap((column, i) => {
    const previous = desired.columns[i - 1]?.name;
    const standing = find(observed, column.name);
    if (!standing) {
      order.splice(previous === undefined ? 0 : order.indexOf(previous) + 1, 0, column.name);
      return [added(column, previous)];
    }
    const changes = columnChange(standing, column);
    if (order[i] === column.name) return changes;
    order.splice(order.indexOf(column.name), 1);
    order.splice(i, 0, column.name);
    return [...changes, moved(column, previous)];
  });
  return [...dropped, ...changed];
}

function added(column: Column, previous: string | undefined): Change {
  return {
    text: `+ column ${column.name} ${column.type}${previous === undefined ? " first" : ` after ${previous}`}`,
    action: `ADD COLUMN ${columnText(column)}${place(previous)}`,
  };
}

function moved(column: Column, previous: string | undefined): Change {
  return {
    text: `~ column ${column.name} moves ${previous === undefined ? "to the front" : `behind ${previous}`}`,
    action: `MODIFY COLUMN ${quoteIdentifier(column.name)} ${column.type}${place(previous)}`,
  };
}

function place(previous: string | undefined): string {
  return previous === undefined ? " FIRST" : ` AFTER ${quoteIdentifier(previous)}`;
}

/** Each property apart, so that the preview tells them apart and only what changed is done. */
function columnChange(from: Column, to: Column): Change[] {
  const name = quoteIdentifier(to.name);
  const modify = (rest: string) => `MODIFY COLUMN ${name} ${rest}`;
  const changes: Change[] = [];
  const [was, is] = [defaultOf(from), defaultOf(to)];
  if (was !== is) {
    const removes = from.defaultKind !== "" && to.defaultKind === "";
    const text = `~ column ${to.name} ${was || "without a default"} becomes ${is || "without a default"}`;
    // A default is checked against the type: both change in one clause, below.
    const apart = removes || from.type === to.type;
    const action = modify(removes ? `REMOVE ${from.defaultKind}` : `${to.type} ${is}`);
    changes.push(apart ? { text, action } : { text, action: "" });
  }
  if (from.type !== to.type) {
    const narrows = !widens(from.type, to.type);
    changes.push({
      text: `~ column ${to.name} ${from.type} becomes ${to.type}`,
      action: modify(`${to.type} ${was === is ? "" : is}`.trim()),
      rewrites: to.name,
      ...(narrows
        ? {
            destroys: `values of column ${to.name} ${from.type} that ${to.type} cannot hold`,
            lossQuery: `SELECT countIf(accurateCastOrNull(${name}, ${quoteString(to.type)}) IS NULL AND ${name} IS NOT NULL) FROM {table}`,
          }
        : {}),
    });
  }
  const properties: ["codec" | "ttl" | "comment", string, (value: string) => string][] = [
    ["codec", "CODEC", (value) => modify(`${to.type} ${value}`)],
    ["ttl", "TTL", (value) => modify(`${to.type} TTL ${value}`)],
    ["comment", "COMMENT", (value) => `COMMENT COLUMN ${name} ${value}`],
  ];
  for (const [key, word, set] of properties) {
    if (from[key] === to[key]) continue;
    changes.push({
      text: `~ column ${to.name} ${word.toLowerCase()} ${from[key] || "(none)"} becomes ${to[key] || "(none)"}`,
      action: to[key] === "" ? modify(`REMOVE ${word}`) : set(to[key]),
      ...(key === "ttl" && to.ttl !== "" ? { rewrites: to.name } : {}),
    });
  }
  return changes;
}

/** A column's declaration as ADD COLUMN takes it. */
export function columnText(column: Column): string {
  return [
    quoteIdentifier(column.name),
    column.type,
    defaultOf(column),
    column.comment === "" ? "" : `COMMENT ${column.comment}`,
    column.codec,
    column.ttl === "" ? "" : `TTL ${column.ttl}`,
    column.settings === "" ? "" : `SETTINGS ${column.settings}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function defaultOf(column: Column): string {
  return column.defaultKind === ""
    ? ""
    : `${column.defaultKind} ${column.defaultExpression}`.trim();
}

function isStored(column: Column): boolean {
  return column.defaultKind !== "ALIAS" && column.defaultKind !== "EPHEMERAL";
}

function find(table: TableDefinition, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}
