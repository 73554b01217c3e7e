import { closeSync, openSync, writeSync } from "node:fs";
import { formatFetchTime } from "../../pipeline/record";
import { runNode } from "../producer/contestants";

const GAMES = 1_000;
const BLOCK_LINES = 10_000;

/** Writes so many records of the last days, as JSON lines: a row a game and minute. */
export function writeBacklog(file: string, count: number): void {
  const out = openSync(file, "w");
  const start = Date.now() - Math.ceil(count / GAMES) * 60_000;
  let lines: string[] = [];
  for (let id = 0; id < count; id++) {
    const game = id % GAMES;
    const record = {
      game_id: (game + 1) * 10,
      game_name: `Game number ${game}`,
      current_players: 1 + ((id * 7919) % 1_000_000),
      peak_today: 1_000_000 + game,
      rank: game + 1,
      fetch_time: formatFetchTime(new Date(start + Math.floor(id / GAMES) * 60_000)),
    };
    lines.push(`${JSON.stringify(record)}\n`);
    if (lines.length < BLOCK_LINES && id < count - 1) continue;
    writeSync(out, lines.join(""));
    lines = [];
  }
  closeSync(out);
}

/** Sends them to a topic, so many a message. @throws Error where not all were acknowledged */
export async function fill(
  brokers: string,
  topic: string,
  file: string,
  count: number,
  recordsPerMessage: number,
): Promise<void> {
  const { records } = await runNode({
    ...{ who: "backfill", brokers, topic, codec: "lz4", file },
    ...{ count, workers: 2, recordsPerMessage },
  });
  if (records !== count) throw new Error(`${records} of ${count} records were acknowledged`);
}
