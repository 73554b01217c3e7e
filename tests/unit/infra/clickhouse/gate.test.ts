import { describe, expect, it } from "vitest";
import { withClient } from "../../../../infra/clickhouse/client";
import { attach } from "../../../../infra/clickhouse/consumption";
import { closeGate, openGate, replaceAside } from "../../../../infra/clickhouse/gate";
import { standIn } from "../../../../infra/clickhouse/stand-in";
import { fakeClickHouse } from "../fake-clickhouse";

const kafka =
  "CREATE TABLE default.queue (a UInt8) ENGINE = Kafka(broker) SETTINGS kafka_topic_list = 't'";

/** What a cluster with those tables is asked to do. */
async function statements(
  tables: Readonly<Record<string, string>>,
  work: Parameters<typeof withClient>[1],
): Promise<string[]> {
  const { connection, asked } = await fakeClickHouse((sql) => {
    if (/FROM system\.databases/.test(sql)) return [{ engine: "Replicated" }];
    if (/AS which/.test(sql))
      return Object.entries(tables).map(([name, text]) => ({
        which: name === "queue" ? "table" : "aside",
        engine: /ENGINE = (\w+)/.exec(text)?.[1],
      }));
    if (/create_table_query AS text/.test(sql))
      return Object.entries(tables).map(([name, text]) => ({ database: "default", name, own: 1, text })); // prettier-ignore
    return /count\(\)/.test(sql) ? [{ n: "0" }] : [];
  });
  await withClient(connection, work);
  return asked.filter((sql) => !sql.startsWith("SELECT"));
}

describe("a Kafka table's gate on a cluster", () => {
  it("closes by dropping the table on every server, kept aside as it was", async () => {
    const done = await statements({ queue: kafka }, (client) => closeGate(client, "queue"));
    expect(done).toEqual([
      "DROP TABLE IF EXISTS `queue__aside` SYNC",
      kafka.replace("default.queue", "`queue__aside`"),
      "DROP TABLE `queue` SYNC",
      expect.stringMatching(/^CREATE OR REPLACE TABLE `queue` .* ENGINE = Null$/),
    ]);
  });

  it("opens by an exchange, with no statement that would reach one server alone", async () => {
    const closed = { queue: standIn("queue", kafka), queue__aside: kafka };
    expect(await statements(closed, (client) => openGate(client, "queue"))).toEqual([
      "EXCHANGE TABLES `queue` AND `queue__aside`",
      "DROP TABLE IF EXISTS `queue__aside` SYNC",
    ]);
  });

  it("opens where closing was cut short, by giving the table its name again", async () => {
    const cut = { queue__aside: kafka };
    expect(await statements(cut, (client) => openGate(client, "queue"))).toEqual([
      "RENAME TABLE `queue__aside` TO `queue`",
      "DROP TABLE IF EXISTS `queue__aside` SYNC",
    ]);
  });

  it("takes another table behind it without pausing that on one server", async () => {
    const closed = { queue: standIn("queue", kafka), queue__aside: kafka };
    const done = await statements(closed, (client) => replaceAside(client, "queue", kafka));
    expect(done.some((sql) => sql.startsWith("SYSTEM"))).toBe(false);
  });

  it("attaches nothing, as the databases of a cluster detach no table", async () => {
    const done = await statements({}, async (client) => {
      expect(await attach(client, "queue")).toBe(false);
    });
    expect(done).toEqual([]);
  });
});
