import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Deployment } from "../../bench/lib/deployment";
import { Load, sleep } from "../../bench/evolution/load";
import { baseFiles, collection, edited, swap } from "../../bench/evolution/schema";
import { rows, withClient } from "../../infra/clickhouse/client";
import { ConsumerGroup } from "../../infra/offsets/group";
import { startStand, type Stand } from "./stand";

const TOPIC = "evolution";
const GROUP = "evolution";
let stand: Stand;
let load: Load;

beforeAll(async () => {
  stand = await startStand();
  await stand.createTopic(TOPIC, 4);
  load = new Load(stand.kafka, TOPIC, 300);
});
afterAll(async () => {
  await load.stop();
  await stand.close();
});

const members = async () =>
  (await new ConsumerGroup({ brokers: stand.brokers }, TOPIC, GROUP).state()).members.map(
    ({ clientId }) => /-(kafka_events\w*)$/.exec(clientId)?.[1],
  );

describe("a consumer that is removed from a group of two", () => {
  it("leaves the group with its table, so that the other reads on, and loses or repeats nothing", async () => {
    const deployment = new Deployment(stand.connection, stand.brokers);
    const one = baseFiles(stand.brokers, TOPIC);
    const kafka = one["kafka_events"] ?? "";
    const two = edited(one, {
      events_kafka_2: collection("events_kafka_2", stand.brokers, "member-2"),
      kafka_events_2: kafka.replace(/kafka_events/, "kafka_events_2").replace("events_kafka", "events_kafka_2"), // prettier-ignore
      events_2_mv:
        "CREATE MATERIALIZED VIEW events_2_mv TO events AS SELECT id, name, value, t FROM kafka_events_2 WHERE length(_error) = 0",
    });
    await deployment.up(two);
    await load.start();
    while ((await members()).length < 2) await sleep(100);
    // A table that was replaced has to be known by its members as well as one that was made.
    await deployment.up(edited(two, { kafka_events_2: swap("_ms = 200", "_ms = 150") }));
    // Long enough for both to have read.
    await sleep(3_000);
    await deployment.up(one);
    expect(await members()).toEqual(["kafka_events"]);
    await load.stop();
    const count = load.count;
    for (let found = {}; ; await sleep(100)) {
      [found = {}] = await withClient(stand.connection, (client) =>
        rows<object>(
          client,
          "SELECT toUInt32(uniqExact(id)) AS different, toUInt32(count()) AS all FROM events",
        ),
      );
      if ((found as { different: number }).different < count) continue;
      expect(found).toEqual({ different: count, all: count });
      return;
    }
  });
});
