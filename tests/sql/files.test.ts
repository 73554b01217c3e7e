import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readCatalog } from "../../infra/clickhouse/catalog";
import type { RuleOptions } from "../../infra/clickhouse/rules";
import { validate, validateFolder } from "../../infra/clickhouse/validate";

const embedded: RuleOptions = { engine: "embedded" };
const made: string[] = [];
afterEach(() => made.splice(0).forEach((directory) => rmSync(directory, { recursive: true })));

function folder(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), "steamline-files-"));
  made.push(directory);
  for (const [name, sql] of Object.entries(files))
    writeFileSync(join(directory, `${name}.sql`), sql);
  return directory;
}
const faults = (files: Record<string, string>, options = embedded) =>
  validateFolder(folder(files), options).map((f) => `${f.file}:${f.line}: ${f.message}`);

const collection =
  "CREATE NAMED COLLECTION broker AS kafka_broker_list = {brokers:String}, `kafka.group_instance_id` = 'a'";
const kafka = (more = "", columns = "a UInt8") =>
  `CREATE TABLE queue\n(\n    ${columns}\n)\nENGINE = Kafka(broker)\nSETTINGS kafka_topic_list = 't',\n    kafka_group_name = 'g',\n    kafka_format = 'JSONEachRow'${more}`;
const target = "CREATE TABLE target (a UInt8) ENGINE = MergeTree ORDER BY a";
const view = (query: string) => `CREATE MATERIALIZED VIEW a_view TO target AS\n${query}`;
const good = { broker: collection, queue: kafka(), target, a_view: view("SELECT a FROM queue") };

describe("the project's own files", () => {
  it("have no fault, on either engine", () => {
    const sql = join(__dirname, "../../sql");
    expect(validateFolder(sql, { engine: "embedded", partitions: 3 })).toEqual([]);
    expect(validateFolder(sql, { engine: "server", partitions: 3 })).toEqual([]);
  });
});

describe("bad input, told by file and line before anything changes", () => {
  it("is not found in good files", () => {
    expect(faults(good)).toEqual([]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      "a second statement",
      { ...good, target: `${target};\nDROP TABLE target` },
      /^sql\/target\.sql:2: a second statement begins here/,
    ],
    [
      "a syntax error",
      {
        ...good,
        target: "CREATE TABLE target\n(\n    a UInt8,\n    b b b\n) ENGINE = MergeTree ORDER BY a",
      },
      /^sql\/target\.sql:4: Code: 62\..*Syntax error/,
    ],
    [
      "a type that there is not",
      {
        ...good,
        target: "CREATE TABLE target\n(\n    a NoSuchType\n) ENGINE = MergeTree ORDER BY a",
      },
      /^sql\/target\.sql:3: .*NoSuchType/,
    ],
    [
      "a view whose columns do not fit its target",
      { ...good, a_view: view("SELECT\n    a AS other\nFROM queue") },
      /^sql\/a_view\.sql:3: .*'other'/,
    ],
    [
      "a view of a column that there is not",
      { ...good, a_view: view("SELECT\n    a,\n    nosuch\nFROM queue") },
      /^sql\/a_view\.sql:4: .*nosuch/,
    ],
    [
      "a source that there is not",
      { ...good, a_view: view("SELECT a\nFROM missing") },
      /^sql\/a_view\.sql:3: .*missing/,
    ],
    [
      "a Kafka table with a default column",
      { ...good, queue: kafka("", "a UInt8,\n    b UInt8 DEFAULT 1") },
      /^sql\/queue\.sql:4: column b has a DEFAULT expression/,
    ],
    [
      "several consumers with one static id",
      { ...good, queue: kafka(",\n    kafka_num_consumers = 2") },
      /^sql\/queue\.sql:9: 2 consumers would share one/,
    ],
    [
      "a backfill from a Kafka table",
      { ...good, a_view: `-- @backfill\n${view("SELECT a\nFROM queue")}` },
      /^sql\/a_view\.sql:4: -- @backfill asks for what queue holds already/,
    ],
    [
      "a replicated table",
      {
        ...good,
        target:
          "CREATE TABLE target (a UInt8)\nENGINE = ReplicatedMergeTree('/t', '{replica}') ORDER BY a",
      },
      /^sql\/target\.sql:2: a replicated table needs a Keeper/,
    ],
    [
      "a cluster of several nodes",
      { ...good, far: "CREATE TABLE far AS target\nENGINE = Distributed(many, default, target)" },
      /^sql\/far\.sql:2: cluster many would spread/,
    ],
    ["a user", { ...good, ann: "CREATE USER ann" }, /^sql\/ann\.sql:1: users, roles, grants/],
    [
      "a secret outside a named collection",
      {
        ...good,
        target:
          "CREATE TABLE target (a UInt8)\nENGINE = MergeTree ORDER BY a COMMENT {password:Secret}",
      },
      /^sql\/target\.sql:2: \{password:Secret\} is a secret/,
    ],
    [
      "an unknown header line",
      { ...good, target: `-- @rebuilt\n${target}` },
      /^sql\/target\.sql:1: "@rebuilt" is not known here/,
    ],
    [
      "a view without TO",
      {
        ...good,
        a_view:
          "CREATE MATERIALIZED VIEW a_view ENGINE = MergeTree ORDER BY a AS SELECT a FROM queue",
      },
      /^sql\/a_view\.sql:1: declares a materialized view without TO/,
    ],
    [
      "a cycle",
      {
        ...good,
        one: "CREATE VIEW one AS SELECT * FROM two",
        two: "CREATE VIEW two AS SELECT * FROM one",
      },
      /cycle: .*one\.sql -> .*two\.sql/,
    ],
  ])("%s", (_name, files, expected) => {
    const found = faults(files);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it("more consumers than partitions, of all tables of a group", () => {
    const alone = {
      broker: "CREATE NAMED COLLECTION broker AS kafka_broker_list = 'b'",
      target,
      a_view: good.a_view,
    };
    const files = { ...alone, queue: kafka(",\n    kafka_num_consumers = 4") };
    expect(faults(files, { engine: "embedded", partitions: 3 })[0]).toMatch(
      /^sql\/queue\.sql:9: its group has 4 consumers for 3 partitions/,
    );
    expect(faults(files, { engine: "embedded", partitions: 4 })).toEqual([]);
  });
});

describe("what only the official server has", () => {
  it("is understood there: replicated tables, users, roles, grants, quotas and profiles", () => {
    const files = {
      target:
        "CREATE TABLE target (a UInt8) ENGINE = ReplicatedMergeTree('/t', '{replica}') ORDER BY a",
      spread: "CREATE TABLE spread AS target ENGINE = Distributed(many, default, target, rand())",
      ann: "CREATE USER ann IDENTIFIED WITH no_password",
      readers: "CREATE ROLE readers",
      daily: "CREATE QUOTA daily FOR INTERVAL 1 day MAX queries = 100 TO readers",
      careful: "CREATE SETTINGS PROFILE careful SETTINGS readonly = 1 TO readers",
      grant_readers: "GRANT SELECT ON default.target TO readers",
    };
    const { findings, understood } = validate(readCatalog(folder(files)), {}, { engine: "server" });
    expect(findings).toEqual([]);
    expect(understood.get("grant_readers")).toEqual({
      definition: "GRANT SELECT ON default.target TO readers",
    });
  });
});
