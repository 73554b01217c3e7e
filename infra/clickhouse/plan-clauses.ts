import type { Element, TableDefinition } from "./definition";
import type { Change } from "./plan";
import { quoteIdentifier } from "./render";

/** Settings that are fixed when a table is made. */
const FIXED_SETTINGS = new Set([
  "index_granularity",
  "index_granularity_bytes",
  "enable_mixed_granularity_parts",
]);

/** Indices, projections and constraints: one that changed is dropped and added. */
export function elementChanges(observed: TableDefinition, desired: TableDefinition): Change[] {
  const kinds: ["indices" | "projections" | "constraints", string][] = [
    ["indices", "INDEX"],
    ["projections", "PROJECTION"],
    ["constraints", "CONSTRAINT"],
  ];
  return kinds.flatMap(([key, word]) => {
    const gone = without(observed[key], desired[key]).map(({ name, text }) => ({
      text: `- ${word.toLowerCase()} ${name} ${text}`,
      action: `DROP ${word} ${quoteIdentifier(name)}`,
    }));
    const added = without(desired[key], observed[key]).map(({ name, text }) => ({
      text: `+ ${word.toLowerCase()} ${name} ${text}`,
      action: `ADD ${word} ${quoteIdentifier(name)} ${text}`,
      ...(word === "CONSTRAINT" ? {} : { rewrites: `${word.toLowerCase()} ${name}` }),
    }));
    return [...gone, ...added];
  });
}

function without(these: readonly Element[], those: readonly Element[]): Element[] {
  return these.filter(
    (one) => !those.some((other) => other.name === one.name && other.text === one.text),
  );
}

/** TTL, settings and comment of the table itself. */
export function clauseChanges(observed: TableDefinition, desired: TableDefinition): Change[] {
  return [
    ...ttlChange(observed.ttl, desired.ttl),
    ...settingChanges(observed.settings, desired.settings),
    ...(observed.comment === desired.comment
      ? []
      : [
          {
            text: `~ comment ${observed.comment || "(none)"} becomes ${desired.comment || "(none)"}`,
            action: `MODIFY COMMENT ${desired.comment || "''"}`,
          },
        ]),
  ];
}

/** A shorter TTL destroys the rows between the old end and the new; the query tells how many there are. */
function ttlChange(from: string, to: string): Change[] {
  if (from === to) return [];
  const text = `~ TTL ${from || "(none)"} becomes ${to || "(none)"}`;
  if (to === "") return [{ text, action: "REMOVE TTL" }];
  const expired = expiry(to);
  const already = from === "" ? undefined : expiry(from);
  return [
    {
      text,
      action: `MODIFY TTL ${to}`,
      rewrites: "*",
      ...(expired === undefined
        ? {}
        : {
            destroys: "rows that the new TTL has expired already",
            lossQuery: `SELECT countIf(${expired}${already === undefined ? "" : ` AND NOT (${already})`}) FROM {table}`,
          }),
    },
  ];
}

/** Condition under which the TTL deletes a row; undefined where it only moves or recompresses. */
function expiry(ttl: string): string | undefined {
  if (/\b(TO DISK|TO VOLUME|RECOMPRESS)\b/.test(ttl)) return undefined;
  const [time = ttl] = ttl.split(/ (?:DELETE|WHERE|GROUP BY)\b/);
  return `(${time}) <= now()`;
}

function settingChanges(
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): Change[] {
  const set = Object.entries(to)
    .filter(([key, value]) => from[key] !== value)
    .map(([key, value]) => ({
      text: `~ setting ${key} ${from[key] ?? "(default)"} becomes ${value}`,
      ...(FIXED_SETTINGS.has(key) ? {} : { action: `MODIFY SETTING ${key} = ${value}` }),
    }));
  const reset = Object.keys(from)
    .filter((key) => !(key in to))
    .map((key) => ({
      text: `~ setting ${key} ${from[key] ?? ""} becomes the engine's default`,
      ...(FIXED_SETTINGS.has(key) ? {} : { action: `RESET SETTING ${key}` }),
    }));
  return [...set, ...reset];
}
