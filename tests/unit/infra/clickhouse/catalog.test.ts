import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkUnused, readCatalog } from "../../../../infra/clickhouse/catalog";

const made: string[] = [];
afterEach(() => made.splice(0).forEach((directory) => rmSync(directory, { recursive: true })));

function catalogOf(files: Record<string, string>) {
  const directory = mkdtempSync(join(tmpdir(), "steamline-catalog-"));
  made.push(directory);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(directory, name), sql);
  return readCatalog(directory);
}

const table = "CREATE TABLE a_target (x UInt8) ENGINE = MergeTree ORDER BY x;";
const queue =
  "CREATE TABLE queue (x UInt8) ENGINE = Kafka(broker) SETTINGS kafka_format = 'JSONEachRow';";
const view =
  "-- fills a_target\nCREATE MATERIALIZED VIEW a_view TO a_target AS SELECT x FROM queue;";
const collection = "CREATE NAMED COLLECTION broker AS kafka_broker_list = {brokers:String};";

describe("readCatalog", () => {
  it("puts each object after those it names, whatever the files are called", () => {
    const catalog = catalogOf({
      "a_target.sql": table,
      "queue.sql": queue,
      "a_view.sql": view,
      "broker.sql": collection,
    });
    expect(catalog.map(({ name, kind }) => [name, kind])).toEqual([
      ["a_target", "table"],
      ["broker", "collection"],
      ["queue", "kafka"],
      ["a_view", "view"],
    ]);
    expect(catalog.at(-1)?.references).toEqual(["a_target", "queue"]);
  });

  it("has a Kafka table wait for all that its rows come to, and for what its views read beside it", () => {
    const catalog = catalogOf({
      "a_target.sql": table,
      "queue.sql": queue,
      "a_view.sql": view.replace("FROM queue", "FROM queue WHERE dictGet('names', 'x', x) != 0"),
      "broker.sql": collection,
      "names.sql":
        "CREATE DICTIONARY names (id UInt64, x UInt8) PRIMARY KEY id SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)",
      "hourly.sql": "CREATE TABLE hourly (x UInt8) ENGINE = MergeTree ORDER BY x",
      "hourly_mv.sql": "CREATE MATERIALIZED VIEW hourly_mv TO hourly AS SELECT x FROM a_target",
      "daily.sql": "CREATE TABLE daily (x UInt8) ENGINE = MergeTree ORDER BY x",
      "daily_mv.sql": "CREATE MATERIALIZED VIEW daily_mv TO daily AS SELECT x FROM hourly",
      "other.sql": "CREATE TABLE other (x UInt8) ENGINE = MergeTree ORDER BY x",
    });
    const after = catalog.find(({ name }) => name === "queue")?.after;
    expect([...(after ?? [])].sort()).toEqual(
      ["a_target", "broker", "daily", "daily_mv", "hourly", "hourly_mv", "names"], // prettier-ignore
    );
  });

  it("refuses a second statement by file and line", () => {
    expect(() => catalogOf({ "a_target.sql": `${table}\n\nDROP TABLE a_target;` })).toThrow(
      /a_target\.sql:3: a second statement begins here/,
    );
  });

  it("refuses a file that is not named after its object", () => {
    expect(() => catalogOf({ "other.sql": table })).toThrow(/other\.sql:1: declares a_target/);
  });

  it("refuses a statement that declares no object", () => {
    expect(() => catalogOf({ "x.sql": "INSERT INTO x VALUES (1)" })).toThrow(
      /begins with "INSERT INTO x"/,
    );
  });

  it("names the files of a cycle", () => {
    const one = "CREATE VIEW one AS SELECT * FROM two";
    const two = "CREATE VIEW two AS SELECT * FROM one";
    expect(() => catalogOf({ "one.sql": one, "two.sql": two })).toThrow(
      /one\.sql -> .*two\.sql -> .*one\.sql/,
    );
  });
});

describe("checkUnused", () => {
  it("names values that no file uses", () => {
    const catalog = catalogOf({ "broker.sql": collection });
    expect(() => checkUnused(catalog, { brokers: "b", stray: 1 })).toThrow(
      "no file uses the placeholder stray",
    );
    expect(() => checkUnused(catalog, { brokers: "b" })).not.toThrow();
  });
});
