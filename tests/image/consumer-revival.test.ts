import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Deployment } from "../../bench/lib/deployment";
import { Load, sleep } from "../../bench/evolution/load";
import { baseFiles } from "../../bench/evolution/schema";
import { rows, run, withClient } from "../../infra/clickhouse/client";
import { EmptyCluster } from "./empty-cluster";
import { startStand, type Stand } from "./stand";

const TOPIC = "revival";
const KAFKA = `ENGINE = Kafka(events_kafka) SETTINGS kafka_topic_list = '${TOPIC}', kafka_group_name = 'evolution',
  kafka_format = 'JSONEachRow', kafka_flush_interval_ms = 200`;

let stand: Stand;
let load: Load;

beforeAll(async () => {
  stand = await startStand();
  await stand.createTopic(TOPIC, 3);
  await new Deployment(stand.connection).up(baseFiles(stand.brokers, TOPIC));
  load = new Load(stand.kafka, TOPIC, 100);
  await load.start();
});
afterAll(async () => {
  await load.stop();
  await stand.close();
});

const execute = (statement: string) =>
  withClient(stand.connection, (client) => run(client, statement));
const number = async (query: string) => {
  const [row] = await withClient(stand.connection, (client) =>
    rows<{ n: string }>(client, `SELECT toString(n) AS n FROM (${query})`),
  );
  return Number(row?.n);
};
const log = () => readFileSync(join(stand.dataDir, "../door.log"), "utf8");
/** After which a client that asks again would have. */
const SETTLED_MS = 3_000;
const patiently = { timeout: 60_000, interval: 200 };

it("a consumer that the broker has shut out for good reads on, without a restart", async () => {
  await expect.poll(() => number("SELECT count() AS n FROM events"), patiently).toBeGreaterThan(0);
  // One with the same member id, which the broker takes for the first one's successor.
  await execute(`CREATE TABLE rival (id UInt64) ${KAFKA}`);
  await execute("CREATE TABLE rival_rows (id UInt64) ENGINE = MergeTree ORDER BY id");
  await execute("CREATE MATERIALIZED VIEW rival_mv TO rival_rows AS SELECT id FROM rival");
  await expect
    .poll(log, patiently)
    .toContain('{"msg":"consumer made anew","table":"default.kafka_events"}');
  await execute("DROP VIEW rival_mv SYNC");
  await execute("DROP TABLE rival SYNC");
  await load.stop();
  const different =
    "SELECT uniqExact(id) AS n FROM (SELECT id FROM events UNION ALL SELECT id FROM rival_rows)";
  await expect.poll(() => number(different), patiently).toBe(load.count);
  const dead = "SELECT countIf(empty(assignments.partition_id)) AS n FROM system.kafka_consumers";
  await expect.poll(() => number(dead), patiently).toBe(0);
}, 240_000);

it("a consumer that was told of a cluster without brokers asks again where it began", async () => {
  const cluster = await EmptyCluster.start("forgotten");
  try {
    // Its statistics, as sql/steam_kafka.sql has them.
    await execute(`CREATE NAMED COLLECTION forgetful_kafka AS
      kafka_broker_list = '127.0.0.1:${cluster.port}', \`kafka.statistics_interval_ms\` = '5000'`);
    await execute(`CREATE TABLE forgetful (id UInt64) ENGINE = Kafka(forgetful_kafka)
      SETTINGS kafka_topic_list = 'forgotten', kafka_group_name = 'forgetful', kafka_format = 'JSONEachRow'`);
    await execute("CREATE TABLE remembered (id UInt64) ENGINE = MergeTree ORDER BY id");
    await execute(
      "CREATE MATERIALIZED VIEW forgetful_mv TO remembered AS SELECT id FROM forgetful",
    );
    await expect.poll(() => cluster.toldOf, patiently).toBeGreaterThan(1);
    await sleep(SETTLED_MS);
    const { asked } = cluster;
    // By itself, where it was quick enough to add its first address again; else it has forgotten that one too.
    await expect.poll(() => cluster.asked, patiently).toBeGreaterThan(asked);
    await execute("DROP VIEW forgetful_mv SYNC");
    await execute("DROP TABLE forgetful SYNC");
  } finally {
    cluster.close();
  }
}, 120_000);
