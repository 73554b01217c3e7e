import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { isOnShard, SHARD_DATABASE } from "../../infra/clickhouse/cluster";
import { clusterCatalog } from "../../infra/clickhouse/cluster-catalog";
import { parseTable } from "../../infra/clickhouse/definition";
import { planTable } from "../../infra/clickhouse/plan";
import { renderSql } from "../../infra/clickhouse/render";
import { standIns, validate } from "../../infra/clickhouse/validate";
import { configXml } from "../../infra/clickhouse/xml";
import { sqlDir } from "./stand-in";

const catalog = clusterCatalog(readCatalog(sqlDir));
const values = standIns(catalog);
const tables = catalog.filter(({ name, kind }) => kind === "table" && isOnShard(name));

/** Replicas need a Keeper, which the engine has for tests, and a path without a UUID outside Replicated databases. */
const config = configXml({
  macros: { shard: 1, replica: "one" },
  zookeeper: { implementation: "testkeeper" },
  default_replica_path: "/clickhouse/tables/{database}/{table}/{shard}",
  default_replica_name: "{replica}",
});

describe("a shard's tables as replicas", () => {
  const directory = mkdtempSync(join(tmpdir(), "replicated-"));
  const declared = new Map<string, string>();
  let session: Session;
  beforeAll(() => {
    const { understood } = validate(catalog, values, { engine: "server" });
    for (const [name, found] of understood)
      declared.set(name, "definition" in found ? found.definition : "");
    const path = join(directory, "config.xml");
    writeFileSync(path, config);
    const connectionArgs = [`--config-file=${path}`];
    session = new Session(join(directory, "data"), { connectionArgs });
    session.query(`CREATE DATABASE ${SHARD_DATABASE} ENGINE = Atomic`);
  });
  afterAll(() => {
    session.close();
    rmSync(directory, { recursive: true });
  });

  it.each(tables.map(({ name }) => name))(
    "%s is made by the engine, and as declared then",
    (name) => {
      const file = tables.find((one) => one.name === name)!;
      session.query(renderSql(file.sql, values, file.file));
      const where = `concat(database, '.', name) = '${name}'`;
      const asked = `SELECT create_table_query AS text FROM system.tables WHERE ${where}`;
      const { text } = JSON.parse(session.query(asked, "JSONEachRow")) as { text: string };
      expect(text).toMatch(/ENGINE = Replicated\w*MergeTree\('[^']*', '\{replica\}'/);
      const plan = planTable(parseTable(text), parseTable(declared.get(name) ?? ""));
      expect(plan).toMatchObject({ label: "none", changes: [] });
      session.query(`DROP TABLE ${name} SYNC`);
    },
  );
});
