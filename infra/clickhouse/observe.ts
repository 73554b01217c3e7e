import { createHash } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import { asideName } from "./aside";
import type { ObjectKind } from "./catalog";
import { rows } from "./client";
import { significant, tokenize } from "./lexer";
import { inDatabase, UNDERSTOOD_IN } from "./other-database";
import { quoteName, quoteString } from "./render";
import { isStandIn } from "./stand-in";
import { renameObject } from "./statement";

/** An object as it stands in the warehouse. */
export interface Observed {
  /** The statement that would make it, in the engine's words; for a named collection, with its keys only. */
  definition: string;
  /** Keys of a named collection, whose values the engine hides. */
  keys: string[];
  /** Changes whenever the object does. */
  fingerprint: string;
  /** Whether a change of the Kafka table was cut short, so that its messages wait in Kafka. */
  waits?: boolean;
}

/** What has to be known of an object to find it. */
export interface Sought {
  name: string;
  kind: ObjectKind;
  statement: string;
}

/** The object of that name, or undefined where there is none. */
export async function observe(
  client: ClickHouseClient,
  object: Sought,
): Promise<Observed | undefined> {
  switch (object.kind) {
    case "collection":
      return observeCollection(client, object.name);
    case "database":
      return observeDatabase(client, object.name);
    case "access":
      return observeAccess(client, object);
    case "table":
    case "kafka":
    case "view":
    case "query":
    case "dictionary":
      return (await observeTables(client, [object])).get(object.name);
  }
}

/** Those of the objects that stand, by name. Tables, of which there may be hundreds, are asked for at once. */
export async function observeAll(
  client: ClickHouseClient,
  objects: readonly Sought[],
): Promise<Map<string, Observed>> {
  const single = objects.filter(({ kind }) => /^(collection|database|access)$/.test(kind));
  const found = await Promise.all(
    single.map(async (object) => [object.name, await observe(client, object)] as const),
  );
  const tables = await observeTables(
    client,
    objects.filter((object) => !single.includes(object)),
  );
  const standing = found.flatMap(([name, seen]) => (seen ? [[name, seen] as const] : []));
  return new Map([...standing, ...tables]);
}

/** Condition on a system table's database and name columns. */
export function located(name: string, column = "name"): string {
  const [first = "", second] = name.split(".");
  return second === undefined
    ? `database = currentDatabase() AND ${column} = ${quoteString(first)}`
    : `database = ${quoteString(first)} AND ${column} = ${quoteString(second)}`;
}

/** Whether there is a table of that name. One that is detached, as a person pauses a Kafka table, is not there. */
export async function stands(client: ClickHouseClient, name: string): Promise<boolean> {
  const [row] = await rows<{ n: string }>(
    client,
    `SELECT toString(count()) AS n FROM system.tables WHERE ${located(name)}`,
  );
  return row?.n !== "0";
}

/** Names of the materialized views that read from `table`. */
export async function viewsReading(client: ClickHouseClient, table: string): Promise<string[]> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT if(dependency.1 = currentDatabase(), dependency.2, concat(dependency.1, '.', dependency.2)) AS name
     FROM (SELECT arrayJoin(arrayZip(dependencies_database, dependencies_table)) AS dependency
           FROM system.tables WHERE ${located(table)})`,
  );
  return found.map((row) => row.name);
}

async function observeTables(
  client: ClickHouseClient,
  objects: readonly Sought[],
): Promise<Map<string, Observed>> {
  if (objects.length === 0) return new Map();
  const names = objects.flatMap(({ name, kind }) =>
    kind === "kafka" ? [name, asideName(name)] : [name],
  );
  const found = await rows<{ database: string; name: string; own: number; text: string }>(
    client,
    `SELECT database, name, database = currentDatabase() AS own, create_table_query AS text
     FROM system.tables WHERE ${names.map((name) => `(${located(name)})`).join(" OR ")}`,
  );
  const tables = new Map(
    found.flatMap(({ database, name, own, text }) => [
      [`${database}.${name}`, text] as const,
      ...(own === 1 ? [[name, inDatabase(text, database, UNDERSTOOD_IN)] as const] : []),
    ]),
  );
  return new Map(
    objects.flatMap((object) => {
      const observed = tableSeen(object, tables);
      return observed ? [[object.name, observed] as const] : [];
    }),
  );
}

/** A Kafka table whose stand-in has its name is the one that is kept aside, if there is one. */
function tableSeen(
  { name, kind }: Sought,
  tables: ReadonlyMap<string, string>,
): Observed | undefined {
  const text = tables.get(name);
  if (text === undefined) return undefined;
  if (kind !== "kafka" || !isStandIn(text)) return { ...seen(text), keys: [] };
  const aside = tables.get(asideName(name));
  if (aside === undefined) return undefined;
  const definition = renameObject(aside, quoteName(name));
  return { definition, keys: [], fingerprint: fingerprintOf(`waits: ${definition}`), waits: true };
}

async function observeCollection(
  client: ClickHouseClient,
  name: string,
): Promise<Observed | undefined> {
  const [collection] = await rows<{ keys: string[] }>(
    client,
    `SELECT mapKeys(collection) AS keys FROM system.named_collections WHERE name = {name:String}`,
    { name },
  );
  if (!collection) return undefined;
  const keys = [...collection.keys].sort();
  return { definition: "", keys, fingerprint: fingerprintOf(keys.join(",")) };
}

async function observeDatabase(
  client: ClickHouseClient,
  name: string,
): Promise<Observed | undefined> {
  const [database] = await rows<{ engine: string }>(
    client,
    `SELECT engine FROM system.databases WHERE name = {name:String}`,
    { name },
  );
  return database && { ...seen(`CREATE DATABASE ${name} ENGINE = ${database.engine}`), keys: [] };
}

/** SHOW CREATE of a user, role, quota, profile or policy. A grant is never found: granting again is harmless. */
async function observeAccess(
  client: ClickHouseClient,
  { statement }: Sought,
): Promise<Observed | undefined> {
  const words = significant(tokenize(statement)).map((token) => token.text);
  if (words[0]?.toUpperCase() !== "CREATE") return undefined;
  const length = /^(SETTINGS|ROW)$/i.test(words[1] ?? "") ? 3 : 2;
  const subject = words.slice(1, length + 1).join(" ");
  try {
    const found = await rows<Record<string, string>>(client, `SHOW CREATE ${subject}`);
    return { ...seen(found.map((row) => Object.values(row)[0] ?? "").join("\n")), keys: [] };
  } catch (error) {
    if (/^UNKNOWN_|^THERE_IS_NO_|_NOT_FOUND$/.test(String((error as { type?: unknown }).type)))
      return undefined;
    throw error;
  }
}

function seen(definition: string): { definition: string; fingerprint: string } {
  return { definition, fingerprint: fingerprintOf(definition) };
}

function fingerprintOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
