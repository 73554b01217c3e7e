import type { ClickHouseClient } from "@clickhouse/client";
import { rows, run } from "./client";
import { attach } from "./consumption";
import { ofAllShards } from "./everywhere";
import type { Desired } from "./desired";
import { dropAside } from "./gate";
import { note, notes } from "./ledger";
import { located } from "./observe";
import { notDropped } from "./refusal";
import { quoteName, quoteString } from "./render";

/**
 * Removes the object. One that is gone already is no fault.
 * @throws RefusedError for a table or database that holds rows, unless config allows them to be destroyed.
 */
export async function remove(
  client: ClickHouseClient,
  object: Pick<Desired, "name" | "kind" | "statement">,
): Promise<void> {
  await refuseIfFilled(client, object);
  // One that is detached is not found by DROP, and would be in the way of its next making.
  if (object.kind === "kafka") {
    await attach(client, object.name);
    await dropAside(client, object.name);
  }
  await run(client, dropStatement(object));
  await note(client, object.name, "dropped");
}

function dropStatement(object: Pick<Desired, "name" | "kind" | "statement">): string {
  const name = quoteName(object.name);
  switch (object.kind) {
    case "collection":
      return `DROP NAMED COLLECTION IF EXISTS ${name}`;
    case "database":
      return `DROP DATABASE IF EXISTS ${name} SYNC`;
    case "dictionary":
      return `DROP DICTIONARY IF EXISTS ${name} SYNC`;
    case "table":
    case "kafka":
      return `DROP TABLE IF EXISTS ${name} SYNC`;
    case "view":
    case "query":
      return `DROP VIEW IF EXISTS ${name} SYNC`;
    case "access":
      return dropAccess(object.statement);
  }
}

/** `CREATE ROLE x ...` undone by `DROP ROLE IF EXISTS x`, and a grant by a revoke. */
export function dropAccess(statement: string): string {
  const form =
    /^\s*CREATE\s+(SETTINGS\s+PROFILE|ROW\s+POLICY|\w+)\s+(`[^`]*`|[^\s,;]+)(\s+ON\s+\S+)?/i;
  const [, what, name, on = ""] = form.exec(statement) ?? [];
  if (what && name) return `DROP ${what.toUpperCase()} IF EXISTS ${name}${on}`;
  return statement
    .replace(/^\s*GRANT\b/i, "REVOKE")
    .replace(/\sWITH\s+GRANT\s+OPTION\s*$/i, "")
    .replace(/\sTO\s+(?!.*\sTO\s)/i, " FROM ");
}

/** @throws RefusedError where dropping the object would take rows with it and nothing allows that. */
export async function refuseIfFilled(
  client: ClickHouseClient,
  { name, kind }: Pick<Desired, "name" | "kind">,
): Promise<void> {
  const held = await heldRows(client, { name, kind });
  if (held === undefined || held.rows === 0) return;
  if ((await notes(client, name)).at(-1)?.step === "mayDestroy") return;
  throw notDropped(name, held);
}

/** What would go with the object; undefined for one that holds no rows of its own. */
export async function heldRows(
  client: ClickHouseClient,
  { name, kind }: Pick<Desired, "name" | "kind">,
): Promise<{ rows: number; size: string } | undefined> {
  if (kind !== "table" && kind !== "database") return undefined;
  const where = kind === "table" ? located(name, "table") : `database = ${quoteString(name)}`;
  const [held] = await rows<{ rows: string; size: string }>(
    client,
    `SELECT toString(sum(rows)) AS rows, formatReadableSize(sum(bytes_on_disk)) AS size
     FROM ${await ofAllShards(client, "system.parts")} WHERE ${where} AND active`,
  );
  return held && { rows: Number(held.rows), size: held.size };
}
