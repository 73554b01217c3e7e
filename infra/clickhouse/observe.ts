import { createHash } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import type { ObjectKind } from "./catalog";
import { rows } from "./client";

/** An object as it stands in the warehouse. */
export interface Observed {
  /** The statement that would make it, in the engine's words; empty for a named collection. */
  createQuery: string;
  /** Keys of a named collection, whose values the engine hides. */
  keys: string[];
  /** Changes whenever the object does. */
  fingerprint: string;
}

/** The object of that name, or undefined where there is none. */
export async function observe(
  client: ClickHouseClient,
  object: { name: string; kind: ObjectKind },
): Promise<Observed | undefined> {
  return object.kind === "collection"
    ? observeCollection(client, object.name)
    : observeTable(client, object.name);
}

/** Names of the materialized views that read from `table`. */
export async function viewsReading(client: ClickHouseClient, table: string): Promise<string[]> {
  // An alias `name` would stand for the column of that name in WHERE, too.
  const found = await rows<{ view: string }>(
    client,
    `SELECT arrayJoin(dependencies_table) AS view FROM system.tables
     WHERE database = currentDatabase() AND name = {table:String}`,
    { table },
  );
  return found.map((row) => row.view);
}

async function observeTable(client: ClickHouseClient, name: string): Promise<Observed | undefined> {
  const [table] = await rows<{ create_table_query: string }>(
    client,
    `SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = {name:String}`,
    { name },
  );
  if (!table) return undefined;
  const createQuery = table.create_table_query;
  return { createQuery, keys: [], fingerprint: fingerprintOf(createQuery) };
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
  return { createQuery: "", keys, fingerprint: fingerprintOf(keys.join(",")) };
}

function fingerprintOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
