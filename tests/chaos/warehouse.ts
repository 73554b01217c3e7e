import { join } from "node:path";
import { Deployment, type Files } from "../../bench/lib/deployment";
import { chain, edited, swap } from "../../bench/evolution/schema";
import { topicConfig } from "../../infra/topic";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { renderSql } from "../../infra/clickhouse/render";
import { formatPlaceholders } from "../../infra/message-format";
import { withAdmin } from "../../tools/lib/topics";
import type { AuditStream, AuditTarget } from "../../tools/lib/audit/target";
import type { Site } from "./site";

const TOPICS = ["chaos_top_games", "chaos_details"] as const;
export const topic = TOPICS[0];
export const PARTITIONS = 3;
const sqlDir = join(__dirname, "../../sql");
const RETENTION_MS = 604_800_000;
/** The stack's own default. */
const FLUSH_MS = 500;

export const stream: AuditStream = {
  topic,
  group: "chaos_top_games",
  table: "steam_top_games",
  keyColumn: "game_id",
};

/** What `npm run audit` would reach. */
export function auditTarget(site: Site): AuditTarget {
  return {
    kafka: { brokers: site.brokers },
    streams: [stream],
    ask: (sql) => site.ask(sql),
    producerUrl: undefined,
    days: 7,
  };
}

/** `sql/` deployed on a site as `up` deploys it, to be changed while data flows. */
export class Warehouse {
  private readonly deployment: Deployment;
  private columns = 0;

  private constructor(
    site: Site,
    private files: Files,
  ) {
    this.deployment = new Deployment(site.admin);
  }

  static async deploy(site: Site): Promise<Warehouse> {
    const config = Object.entries(topicConfig(RETENTION_MS));
    const configEntries = config.map(([name, value]) => ({ name, value }));
    await withAdmin({ brokers: site.brokers }, (admin) =>
      admin.createTopics({
        topics: TOPICS.map((name) => ({ topic: name, numPartitions: PARTITIONS, configEntries })),
        waitForLeaders: true,
      }),
    );
    const values = {
      brokers: site.innerBrokers,
      topGamesTopic: TOPICS[0],
      detailsTopic: TOPICS[1],
      topGamesGroup: stream.group,
      detailsGroup: TOPICS[1],
      instanceId: "chaos",
      flushIntervalMs: FLUSH_MS,
      ttlDays: 90,
      ...formatPlaceholders("JSONEachRow"),
    };
    const files = Object.fromEntries(
      readCatalog(sqlDir).map(({ name, sql, file }) => [name, renderSql(sql, values, file)]),
    );
    const warehouse = new Warehouse(site, files);
    await warehouse.up();
    return warehouse;
  }

  /** Makes the warehouse be as declared; again, where that was cut off. */
  async up(): Promise<void> {
    await this.deployment.up(this.files);
  }

  /** Declares one more column from the topic to the table, for the next `up`. */
  declareColumn(): void {
    const name = `extra_${++this.columns}`;
    const after = (text: string, more: string) => swap(text, `${text}\n    ${more}`);
    this.files = edited(this.files, {
      kafka_steam_top_games: after("    rank Float64,", `${name} Nullable(UInt32),`),
      steam_top_games: after("    rank UInt16,", `${name} UInt32,`),
      steam_top_games_mv: chain(after("    rank,", `ifNull(${name}, 0) AS ${name},`)),
    });
  }
}
