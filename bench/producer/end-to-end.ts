import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import { topGames } from "../../pipeline/record";
import { startStand } from "../../tests/image/stand";
import type { Progress } from "../../tools/lib/progress";
import { runNode, Topics, writeRecords } from "./contestants";

const DEADLINE_MS = 1_200_000;
/** A file that is sent in less says nothing of memory, as most of the time is starting. */
const TELLING_ROWS = 2_000_000;
/** How much more memory a run may take in the end than in its first quarter. */
const FLAT = 1.25;

export interface EndToEnd {
  rows: number;
  acked: number;
  messages: number;
  stored: number;
  distinct: number;
  sendSeconds: number;
  storedSeconds: number;
  rssMb: number;
  /** In the first quarter of the time. */
  firstRssMb: number;
  /** Whether all counts are the same. */
  agrees: boolean;
  /** Whether memory stayed the same, as far as so many rows can tell. */
  isFlat: boolean;
  text: string;
}

/**
 * Sends a file of rows to a topic, from where a Kafka table and a view take them into MergeTree. Up to `perMessage`
 * rows share a message.
 */
export async function endToEnd(
  { rows, perMessage = 1 }: { rows: number; perMessage?: number },
  directory: string,
  progress: Progress,
): Promise<EndToEnd> {
  const file = join(directory, "rows.jsonl");
  await progress.step(`a file of ${rows} rows`, async () => writeRecords(file, rows));
  const stand = await progress.step("broker and engine", startStand);
  const { url, username, password, database } = stand.connection;
  const client = createClient({ url, username, password, database });
  const count = async (what: string): Promise<number> => {
    const result = await client.query({
      query: `SELECT ${what} AS n FROM rows`,
      format: "JSONEachRow",
    });
    const [first] = await result.json<{ n: string }>();
    return Number(first?.n ?? 0);
  };
  try {
    const { result, messages } = await new Topics(stand.brokers).with(async (topic) => {
      const columns = topGames.columns.map(({ name, type }) => `${name} ${type}`).join(", ");
      for (const query of [
        `CREATE TABLE rows (${columns}) ENGINE = MergeTree ORDER BY (game_id, fetch_time)`,
        `CREATE TABLE kafka_rows (${columns}) ENGINE = Kafka SETTINGS kafka_broker_list = '${stand.brokers}', kafka_topic_list = '${topic}', kafka_group_name = '${topic}', kafka_format = 'JSONEachRow', kafka_flush_interval_ms = 500`,
        "CREATE MATERIALIZED VIEW rows_mv TO rows AS SELECT * FROM kafka_rows",
      ])
        await client.command({ query });
      const startedAt = Date.now();
      const sent = await progress.step("sending", () =>
        runNode({
          ...{ who: "backfill", brokers: stand.brokers, topic, codec: "lz4", file },
          ...{ count: rows, workers: 2, recordsPerMessage: perMessage },
        }),
      );
      await progress.step("storing", async (say) => {
        for (let stored = 0; stored < rows && Date.now() - startedAt < DEADLINE_MS;) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          stored = await count("count()");
          say(`${stored.toLocaleString("en")} rows`);
        }
      });
      const storedSeconds = (Date.now() - startedAt) / 1000;
      const stored = await count("count()");
      const distinct = await count("uniqExact(game_id, fetch_time)");
      return { sent, stored, distinct, storedSeconds };
    });
    const { sent, stored, distinct, storedSeconds } = result;
    const counts = [sent.records, stored, distinct, ...(perMessage === 1 ? [messages] : [])];
    const agrees = counts.every((value) => value === rows) && messages * perMessage >= rows;
    const { rssMb, firstRssMb = rssMb } = sent;
    const isFlat = rows < TELLING_ROWS || rssMb <= FLAT * firstRssMb;
    return {
      rows,
      acked: sent.records,
      messages,
      stored,
      distinct,
      sendSeconds: sent.seconds,
      storedSeconds,
      rssMb,
      firstRssMb,
      agrees,
      isFlat,
      text: [
        `rows in the file      ${rows}`,
        `acknowledged          ${sent.records} in ${sent.seconds.toFixed(1)} s`,
        `memory                ${Math.round(rssMb)} MB at most, ${Math.round(firstRssMb)} MB in the first quarter`,
        `messages in the topic ${messages}`,
        `rows in MergeTree     ${stored}, ${distinct} of them distinct, after ${storedSeconds.toFixed(1)} s`,
        agrees ? "all counts agree" : "the counts do not agree",
        ...(isFlat ? [] : ["memory grew with the file"]),
        "",
      ].join("\n"),
    };
  } finally {
    await client.close();
    await stand.close();
  }
}
