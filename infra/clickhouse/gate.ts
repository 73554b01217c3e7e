import type { ClickHouseClient } from "@clickhouse/client";
import { asideName } from "./aside";
import { rows, run } from "./client";
import { pauseConsumption, startConsumption } from "./consumption";
import { located, observe } from "./observe";
import { quoteName } from "./render";
import { standIn } from "./stand-in";
import { renameObject } from "./statement";

/**
 * Puts a stand-in in the place of a Kafka table, so that its messages wait in Kafka until `openGate`, whatever
 * ends meanwhile: a pause alone ends with the server's next start, which would read with such views as are there.
 * Views are bound to the name and can be dropped and made. One that is closed stays so.
 */
export async function closeGate(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  const { table } = await engines(client, kafkaTable);
  if (table !== "Kafka") return;
  const standing = await observe(client, { name: kafkaTable, kind: "kafka", statement: "" });
  if (!standing) return;
  // First of all: while there is one, nobody else takes the table for one that has to be attached anew.
  await makeStandIn(client, asideName(kafkaTable), standing.definition);
  await pauseConsumption(client, kafkaTable);
  await exchange(client, kafkaTable);
}

/** Lets the Kafka table read, from one moment to the next with all views that there are by now. */
export async function openGate(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  const { table, aside } = await engines(client, kafkaTable);
  if (table === "Null" && aside === "Kafka") await exchange(client, kafkaTable);
  else if (table !== "Kafka") return;
  await startConsumption(client, kafkaTable);
  if (aside !== undefined) await dropAside(client, kafkaTable);
}

/**
 * Makes the Kafka table that `statement` declares behind its gate, which is closed or has nothing behind it yet.
 * @throws the engine's error, and has changed nothing
 */
export async function replaceAside(
  client: ClickHouseClient,
  kafkaTable: string,
  statement: string,
): Promise<void> {
  const aside = asideName(kafkaTable);
  const before = await observe(client, { name: aside, kind: "table", statement: "" });
  // Not CREATE OR REPLACE, under whose made-up name the table's consumers would go to their group.
  await dropAside(client, kafkaTable);
  try {
    await run(client, renameObject(statement, quoteName(aside)));
  } catch (error) {
    if (before) await run(client, before.definition);
    throw error;
  }
  // Started with the exchange, it reads at once. One that never waited looks for views twice a second.
  await pauseConsumption(client, aside);
}

/** Puts a stand-in of the Kafka table that `statement` declares where views look for it. */
export async function makeStandIn(
  client: ClickHouseClient,
  name: string,
  statement: string,
): Promise<void> {
  const made = standIn(name, statement);
  await run(client, made.replace(/^CREATE TABLE/, "CREATE OR REPLACE TABLE"));
}

/** Drops what may be left behind the gate of a Kafka table. */
export function dropAside(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  return run(client, `DROP TABLE IF EXISTS ${quoteName(asideName(kafkaTable))} SYNC`);
}

async function exchange(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  const [table, aside] = [quoteName(kafkaTable), quoteName(asideName(kafkaTable))];
  await run(client, `EXCHANGE TABLES ${table} AND ${aside}`);
}

/** What stands under both names. */
async function engines(
  client: ClickHouseClient,
  kafkaTable: string,
): Promise<{ table: string | undefined; aside: string | undefined }> {
  const aside = asideName(kafkaTable);
  const found = await rows<{ which: "table" | "aside"; engine: string }>(
    client,
    `SELECT if(${located(aside)}, 'aside', 'table') AS which, engine FROM system.tables
     WHERE (${located(kafkaTable)}) OR (${located(aside)})`,
  );
  const of = (which: string) => found.find((row) => row.which === which)?.engine;
  return { table: of("table"), aside: of("aside") };
}
