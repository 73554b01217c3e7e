import type { ClickHouseClient } from "@clickhouse/client";
import { asideName } from "./aside";
import { rows, run } from "./client";
import { pauseConsumption, startConsumption } from "./consumption";
import { isCluster } from "./everywhere";
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
  if (await isCluster(client)) return closeEverywhere(client, kafkaTable, standing.definition);
  // First of all: while there is one, nobody else takes the table for one that has to be attached anew.
  await makeStandIn(client, asideName(kafkaTable), standing.definition);
  await pauseConsumption(client, kafkaTable);
  await exchange(client, kafkaTable);
}

/**
 * The same on every server of a cluster. None can be paused from here; but a table that is dropped first stores the
 * block under way, on each of them, and another one that no view reads asks for nothing.
 */
async function closeEverywhere(
  client: ClickHouseClient,
  kafkaTable: string,
  definition: string,
): Promise<void> {
  await dropAside(client, kafkaTable);
  await run(client, renameObject(definition, quoteName(asideName(kafkaTable))));
  await run(client, `DROP TABLE ${quoteName(kafkaTable)} SYNC`);
  await makeStandIn(client, kafkaTable, definition);
}

/** Lets the Kafka table read, from one moment to the next with all views that there are by now. */
export async function openGate(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  const { table, aside } = await engines(client, kafkaTable);
  const spread = await isCluster(client);
  if (table === "Null" && aside === "Kafka") await exchange(client, kafkaTable);
  else if (spread && table === undefined && aside === "Kafka") await putBack(client, kafkaTable);
  else if (table !== "Kafka") return;
  if (!spread) await startConsumption(client, kafkaTable);
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
  if (!(await isCluster(client))) await pauseConsumption(client, aside);
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

/** Where a cluster's gate was being closed when that was cut short. */
function putBack(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  const [table, aside] = [quoteName(kafkaTable), quoteName(asideName(kafkaTable))];
  return run(client, `RENAME TABLE ${aside} TO ${table}`);
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
