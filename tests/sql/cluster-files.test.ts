import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keeperFile, profilesFile, serverFile } from "../../infra/clickhouse/cluster-files";
import { ANSWERING_SERVERS, TABLES_BEHIND } from "../../infra/clickhouse/servers";
import { serverPlaceProvider } from "../../infra/dynamic/clickhouse-cluster";
import { fakeClickHouse } from "../unit/infra/fake-clickhouse";

// A file of its own: a process that has closed the engine once can make no more Kafka tables.
describe("a server's file", () => {
  const directory = mkdtempSync(join(tmpdir(), "cluster-file-"));
  const path = join(directory, "config.xml");
  const place = { shard: 2, replica: 1 };
  const collections = {
    steam_kafka: { kafka_broker_list: "b", "kafka.group_instance_id": "a" },
  };
  const xml = serverFile({ size: { shards: 2, replicas: 2 }, place, secret: "s<&>", collections });
  let session: Session;
  beforeAll(() => {
    // The statements are for a server that has a Keeper.
    writeFileSync(path, xml.replace(/<startup_scripts>[^]*<\/startup_scripts>/, ""));
    const connectionArgs = [`--config-file=${path}`];
    session = new Session(join(directory, "data"), { connectionArgs });
  });
  afterAll(() => {
    session.close();
    rmSync(directory, { recursive: true });
  });
  const ask = (sql: string) => session.query(sql, "TSV").trim();

  it("is read by the engine as the cluster that it declares", () => {
    expect(
      ask(
        "SELECT shard_num, replica_num, host_name, port FROM system.clusters WHERE cluster = 'steamline' ORDER BY 1, 2",
      ),
    ).toBe(
      [
        "1\t1\tclickhouse\t9000",
        "1\t2\tclickhouse-1-2\t9000",
        "2\t1\tclickhouse-2-1\t9000",
        "2\t2\tclickhouse-2-2\t9000",
      ].join("\n"),
    );
    expect(ask("SELECT getMacro('shard'), getMacro('replica')")).toBe("2\tclickhouse-2-1");
  });

  it("gives the engine the collection under the keys that Kafka's client is told by", () => {
    expect(
      ask(
        "SELECT arraySort(mapKeys(collection)) FROM system.named_collections WHERE name = 'steam_kafka'",
      ),
    ).toBe("['kafka.group_instance_id','kafka_broker_list']");
    session.query(
      "CREATE TABLE queue (a UInt8) ENGINE = Kafka(steam_kafka) SETTINGS kafka_topic_list = 't', kafka_group_name = 'g', kafka_format = 'JSONEachRow'",
    );
    expect(ask("SELECT engine_full FROM system.tables WHERE name = 'queue'")).toContain(
      "steam_kafka",
    );
    session.query("DROP TABLE queue SYNC");
  });

  it("has statements for its databases, and profiles settings, that the engine knows", () => {
    for (const [, sql = ""] of xml.matchAll(/<(?:query|condition)>([^<]*)<\//g))
      expect(ask(`SELECT formatQuerySingleLine('${sql.replaceAll("'", "\\'")}')`), sql).not.toBe(
        "",
      );
    const conditions = [...xml.matchAll(/<condition>([^<]*)<\//g)].map(([, sql = ""]) => ask(sql));
    // This engine's `default` is empty and no Replicated one, as a new server's is.
    expect(conditions).toEqual(["1"]);
    const names = [...profilesFile().matchAll(/<(distributed_\w+)>/g)].map(([, name]) => name);
    for (const name of names)
      expect(ask(`SELECT count() FROM system.settings WHERE name = '${name}'`), name).toBe("1");
    expect(keeperFile(1)).not.toContain("undefined");
  });

  const parses = (sql: string) =>
    expect(ask(`SELECT formatQuerySingleLine($$${sql}$$)`), sql).not.toBe("");

  it("is forgotten, asked about and emptied by statements that the engine parses", async () => {
    const { connection, asked } = await fakeClickHouse((sql) =>
      sql.includes("system.tables")
        ? [{ uuid: "u" }]
        : sql.includes("system.zookeeper")
          ? ["tables/u/1", "databases/default"].map((one) => ({ path: `/clickhouse/${one}/replicas` })) // prettier-ignore
          : [],
    );
    const replicaName = "clickhouse-1-2";
    await serverPlaceProvider.delete?.("", { shard: 1, replica: 2, replicaName, connection });
    const page = readFileSync(join(__dirname, "../../docs/clickhouse-cluster.md"), "utf8");
    const shown = [...page.matchAll(/```sql\n([^`]*)```/g)].flatMap(([, block = ""]) =>
      block.split(";\n").filter((one) => one.trim() !== ""),
    );
    expect(asked.filter((sql) => sql.startsWith("SYSTEM"))).toHaveLength(2);
    expect(shown.length).toBeGreaterThanOrEqual(4);
    for (const sql of [...asked, ...shown, ANSWERING_SERVERS, TABLES_BEHIND]) parses(sql);
  });
});
