import type { ClickHouseClient } from "@clickhouse/client";
import { rows, run } from "./client";
import { parseTable, type Column } from "./definition";
import type { Desired } from "./desired";
import { observe } from "./observe";
import { quoteIdentifier, quoteName, quoteString } from "./render";
import { renameObject } from "./statement";

/** Name under which a table's new form is filled before it takes the table's place. */
export function shadowName(name: string): string {
  return `${name}__rebuild`;
}

/**
 * Copies the rows into a table of the declared form, partition by partition, checks that all arrived, and
 * exchanges the two. Nothing may write to the table meanwhile. Cut short, it begins anew: until the exchange
 * the table itself is untouched, and after it the table is as declared.
 */
export async function rebuild(client: ClickHouseClient, desired: Desired): Promise<void> {
  const standing = await observe(client, desired);
  if (!standing) return;
  const [table, shadow] = [quoteName(desired.name), quoteName(shadowName(desired.name))];
  await run(client, `DROP TABLE IF EXISTS ${shadow} SYNC`);
  await run(client, renameObject(desired.statement, shadow));
  // Merging could collapse rows of another engine before they are counted.
  await run(client, `SYSTEM STOP MERGES ${shadow}`);
  const { names, values } = copiedColumns(
    parseTable(standing.definition).columns,
    parseTable(desired.definition).columns,
    desired.policy.renames,
  );
  const partitions = await rows<{ id: string }>(
    client,
    `SELECT DISTINCT _partition_id AS id FROM ${table} ORDER BY id`,
  );
  for (const { id } of partitions) {
    await run(
      client,
      `INSERT INTO ${shadow} (${names}) SELECT ${values} FROM ${table}
       WHERE _partition_id = ${quoteString(id)}
       SETTINGS insert_deduplicate = 0, optimize_on_insert = 0`,
    );
  }
  const [was, is] = [await count(client, table), await count(client, shadow)];
  if (was !== is) {
    await run(client, `DROP TABLE IF EXISTS ${shadow} SYNC`);
    throw new Error(
      `${desired.name} is left as it is: of its ${was} rows ${is} arrived in the copy. Does something else write to it? Run \`up\` again.`,
    );
  }
  await run(client, `EXCHANGE TABLES ${table} AND ${shadow}`);
  await run(client, `SYSTEM START MERGES ${table}`);
  await run(client, `DROP TABLE IF EXISTS ${shadow} SYNC`);
}

/** Columns that both have and that hold values, under their names before and after. */
function copiedColumns(
  before: readonly Column[],
  after: readonly Column[],
  renames: Desired["policy"]["renames"],
): { names: string; values: string } {
  const held = (column: Column) => column.defaultKind === "" || column.defaultKind === "DEFAULT";
  const pairs = after.filter(held).flatMap(({ name }) => {
    const old = renames.find(({ to }) => to === name)?.from;
    const source = before.find((column) => column.name === name || column.name === old);
    return source === undefined || source.defaultKind === "EPHEMERAL" ? [] : [[name, source.name]];
  });
  return {
    names: pairs.map(([name = ""]) => quoteIdentifier(name)).join(", "),
    values: pairs.map(([, source = ""]) => quoteIdentifier(source)).join(", "),
  };
}

async function count(client: ClickHouseClient, table: string): Promise<string> {
  const [row] = await rows<{ n: string }>(client, `SELECT toString(count()) AS n FROM ${table}`);
  return row?.n ?? "0";
}
