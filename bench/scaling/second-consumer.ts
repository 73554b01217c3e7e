import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const KAFKA_TABLE = "kafka_steam_top_games";

/** What a view of the second consumer is called. */
const second = (view: string) => view.replace(/_mv$/, "_2_mv");

/**
 * Gives the ranking's topic a second consumer, in a folder of SQL files: a Kafka table of the same group with a
 * collection, and so a member, of its own, and each view that reads from the first once more.
 * @returns the files that were made
 */
export function addConsumer(folder: string): string[] {
  const read = (name: string) => readFileSync(join(folder, `${name}.sql`), "utf8");
  const made = new Map<string, string>();
  made.set(
    "steam_kafka_2",
    read("steam_kafka")
      .replace("NAMED COLLECTION steam_kafka", "NAMED COLLECTION steam_kafka_2")
      .replace("{instanceId:String}", "'second'"),
  );
  made.set(
    `${KAFKA_TABLE}_2`,
    read(KAFKA_TABLE)
      .replace(`CREATE TABLE ${KAFKA_TABLE}`, `CREATE TABLE ${KAFKA_TABLE}_2`)
      .replace("Kafka(steam_kafka)", "Kafka(steam_kafka_2)"),
  );
  for (const file of readdirSync(folder).filter((name) => name.endsWith("_mv.sql"))) {
    const view = file.replace(/\.sql$/, "");
    const text = read(view);
    if (!new RegExp(`FROM ${KAFKA_TABLE}\\b`).test(text)) continue;
    made.set(
      second(view),
      text
        .replace(`VIEW ${view} `, `VIEW ${second(view)} `)
        .replaceAll(`FROM ${KAFKA_TABLE}\n`, `FROM ${KAFKA_TABLE}_2\n`),
    );
  }
  for (const [name, text] of made) writeFileSync(join(folder, `${name}.sql`), text);
  return [...made.keys()].map((name) => `${name}.sql`);
}
