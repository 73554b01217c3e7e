import type { ClickHouseClient } from "@clickhouse/client";
import { run } from "./client";
import { quoteIdentifier } from "./render";

/** ClickHouse's SYNTAX_ERROR. Servers before 26.7 cannot pause a table and say this. */
const SYNTAX_ERROR = "62";

/** Lets the block under way end and then reads no more, until `startConsumption` or the server's next start. */
export function pauseConsumption(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  return system(client, "PAUSE", kafkaTable);
}

export function startConsumption(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  return system(client, "START", kafkaTable);
}

async function system(
  client: ClickHouseClient,
  verb: "PAUSE" | "START",
  table: string,
): Promise<void> {
  try {
    await run(client, `SYSTEM ${verb} ${quoteIdentifier(table)}`);
  } catch (error) {
    if ((error as { code?: unknown }).code !== SYNTAX_ERROR) throw error;
  }
}
