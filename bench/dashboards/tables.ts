import { seed } from "../../tools/check/rows";
import { Scratch } from "../../tools/check/scratch";
import { standIn } from "../../tools/check/stand-ins";

const DAYS = 30;
const POLL_SECONDS = 60;
const DATABASE = "guide";

/** The guide's own tables, as it creates them. */
const GUIDE_TABLES = [
  `CREATE TABLE ${DATABASE}.steam_top_games (
    game_id UInt32, game_name String, current_players UInt32, peak_today UInt32, rank UInt16, fetch_time DateTime
  ) ENGINE = MergeTree() PARTITION BY toYYYYMMDD(fetch_time) ORDER BY (game_id, fetch_time)`,
  `CREATE TABLE ${DATABASE}.steam_game_details AS default.steam_game_details`,
];

/** Fills a scratch engine with a month of the hundred biggest games at a poll a minute: 4.3 million rows. */
export async function fillMonth(now: Date): Promise<Scratch> {
  const scratch = new Scratch();
  await seed(scratch, { until: now, days: DAYS, pollSeconds: POLL_SECONDS, seed: 1 });
  await standIn(scratch, now);
  await mergeDaysOver(scratch);
  return scratch;
}

/** As the tables' settings have it done in the background, an hour after a day is over. */
async function mergeDaysOver(scratch: Scratch): Promise<void> {
  for (const table of ["steam_top_games", "steam_hourly_players"]) {
    const { rows } = await scratch.query(
      `SELECT DISTINCT partition_id AS id FROM system.parts WHERE active AND database = 'default' AND table = '${table}' ORDER BY id`,
    );
    for (const { id } of rows.slice(0, -1))
      scratch.execute(`OPTIMIZE TABLE ${table} PARTITION ID '${String(id)}' FINAL`);
  }
}

/** Repeats the month before itself until the ranking holds at least `rows`. */
export async function repeatMonth(scratch: Scratch, rows: number): Promise<void> {
  const month = await countRows(scratch);
  for (let copy = 1; copy * month < rows; copy++) {
    scratch.execute(
      `INSERT INTO steam_top_games
       SELECT game_id, game_name, current_players, peak_today, rank, polled - INTERVAL ${copy * DAYS} DAY
       FROM (SELECT * EXCEPT fetch_time, fetch_time AS polled FROM steam_top_games
             WHERE fetch_time > (SELECT max(fetch_time) FROM steam_top_games) - INTERVAL ${DAYS} DAY)
       SETTINGS max_partitions_per_insert_block = 1000`,
    );
  }
  // What merges would have done in the background by the time so many rows have come.
  for (const table of ["steam_top_games", "steam_hourly_stats"]) {
    scratch.execute(`OPTIMIZE TABLE ${table} FINAL`);
  }
  scratch.countHours();
}

/** Copies the rows into tables made by the guide's own statements. */
export function copyToGuide(scratch: Scratch): void {
  scratch.execute(`DROP DATABASE IF EXISTS ${DATABASE}`);
  scratch.execute(`CREATE DATABASE ${DATABASE}`);
  for (const statement of GUIDE_TABLES) scratch.execute(statement);
  for (const table of ["steam_top_games", "steam_game_details"]) {
    scratch.execute(
      `INSERT INTO ${DATABASE}.${table} SELECT * FROM default.${table} SETTINGS max_partitions_per_insert_block = 10000`,
    );
    scratch.execute(`OPTIMIZE TABLE ${DATABASE}.${table} FINAL`);
  }
}

/** Runs what follows on the guide's tables, or on ours again. */
export function use(scratch: Scratch, tables: "ours" | "guide"): void {
  scratch.execute(`USE ${tables === "guide" ? DATABASE : "default"}`);
}

export async function countRows(scratch: Scratch): Promise<number> {
  const { rows } = await scratch.query("SELECT count() AS rows FROM default.steam_top_games");
  return Number(rows[0]?.["rows"]);
}
