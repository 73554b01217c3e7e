import type { ClickHouseClient } from "@clickhouse/client";
import { rows } from "./client";
import { ofAllShards } from "./everywhere";
import { located } from "./observe";
import type { ObjectPlan } from "./plan-object";

/** What carrying out the plan writes anew, as the warehouse counts it: `rewrites 1,200 rows (3.10 MiB)`. */
export async function costWords(
  client: ClickHouseClient,
  name: string,
  plan: ObjectPlan,
): Promise<string> {
  if (plan.table === undefined) return "rewrites nothing";
  const rebuilt = plan.label === "rebuilt, no rows lost";
  const parts = plan.changes.flatMap(({ rewrites }) => rewrites ?? []);
  if (parts.length === 0 && !rebuilt) return "rewrites nothing";
  const held = await size(client, "system.parts", "bytes_on_disk", located(name, "table"));
  if (held.rows === 0) return "rewrites nothing, as it is empty";
  if (rebuilt) return `copies ${shown(held)}`;
  if (parts.includes("*")) return `rewrites up to ${shown(held)}, in the background`;
  const columns = parts.filter((part) => !part.includes(" "));
  const of = columns.map((column) => `'${column}'`).join(", ") || "''";
  const where = `${located(name, "table")} AND column IN (${of})`;
  const rewritten = await size(client, "system.parts_columns", "column_bytes_on_disk", where);
  const indexed = parts.filter((part) => part.includes(" "));
  return [
    ...(columns.length > 0 ? [`rewrites ${shown({ ...rewritten, rows: held.rows })}`] : []),
    ...indexed.map((part) => `builds ${part} over ${shown(held)}, in the background`),
  ].join("; ");
}

async function size(
  client: ClickHouseClient,
  table: "system.parts" | "system.parts_columns",
  column: string,
  where: string,
): Promise<{ rows: number; bytes: string }> {
  const [row] = await rows<{ n: string; bytes: string }>(
    client,
    `SELECT toString(sum(rows)) AS n, formatReadableSize(sum(${column})) AS bytes
     FROM ${await ofAllShards(client, table)} WHERE active AND ${where}`,
  );
  return { rows: Number(row?.n ?? 0), bytes: row?.bytes ?? "0 B" };
}

function shown({ rows, bytes }: { rows: number; bytes: string }): string {
  return `${rows.toLocaleString("en")} rows (${bytes})`;
}
