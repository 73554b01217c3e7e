import { z } from "zod";
import { rows, withClient, type Connection } from "../../infra/clickhouse/client";
import { capture } from "../../tools/lib/run";

/** What one record of the ranking takes on disk, in bytes. */
export interface Size {
  kafka: number;
  clickhouse: number;
}

const logDirs = z.object({
  brokers: z.array(
    z.object({
      logDirs: z.array(z.object({ partitions: z.array(z.object({ size: z.number() })) })),
    }),
  ),
});

/** Measured where one broker holds all of `topic`, and nothing but the ranking. */
export async function sizeOf(connection: Connection, broker: string, topic: string): Promise<Size> {
  const where = ["--bootstrap-server", "localhost:9092", "--topic", topic];
  const offsets = await capture("docker", ["exec", broker, "kafka-get-offsets", ...where]);
  const records = offsets.stdout
    .trim()
    .split("\n")
    .reduce((sum, line) => sum + Number(line.split(":")[2] ?? 0), 0);
  const describe = ["--bootstrap-server", "localhost:9092", "--describe", "--topic-list", topic];
  const { stdout } = await capture("docker", ["exec", broker, "kafka-log-dirs", ...describe]);
  const json = stdout.split("\n").find((line) => line.startsWith("{")) ?? "{}";
  const bytes = logDirs
    .parse(JSON.parse(json))
    .brokers.flatMap(({ logDirs }) => logDirs)
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { size }) => sum + size, 0);
  const sql =
    "SELECT sum(bytes_on_disk) / sum(rows) AS bytes FROM system.parts WHERE active AND table = 'steam_top_games'";
  const [part] = await withClient(connection, (client) => rows<{ bytes: number }>(client, sql));
  return { kafka: bytes / records, clickhouse: part?.bytes ?? 0 };
}
