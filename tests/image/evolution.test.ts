import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Deployment, type Files } from "../../bench/lib/deployment";
import { Load, sleep } from "../../bench/evolution/load";
import { baseFiles, collection, edited, type Edits } from "../../bench/evolution/schema";
import { rows, withClient } from "../../infra/clickhouse/client";
import { columnEndToEnd, resorted, turned } from "./edits";
import { FailingDoor, WRITING, type Moment } from "./failing-door";
import { startStand, type Stand } from "./stand";

const TOPIC = "evolution";
const DRAIN_DEADLINE_MS = 90_000;
/** More statements than any of these changes takes. */
const MOST_STATEMENTS = 120;

let stand: Stand;
let door: FailingDoor;
let load: Load;
let deployment: Deployment;
let files: Files;

beforeAll(async () => {
  stand = await startStand();
  door = await FailingDoor.before(stand.connection);
  await stand.createTopic(TOPIC, 3);
  files = baseFiles(stand.brokers, TOPIC);
  deployment = new Deployment(door.connection, stand.brokers);
  await deployment.up(files);
  load = new Load(stand.kafka, TOPIC, 300);
  await load.start();
});
afterAll(async () => {
  await load.stop();
  door.close();
  await stand.close();
});

async function single<T>(query: string): Promise<T> {
  const found = await withClient(stand.connection, (client) => rows<T>(client, query));
  return found[0]!;
}

/** Waits until all records acknowledged by now are stored; tells what is missing and doubled then. */
async function account() {
  const count = load.count;
  for (const since = Date.now(); ;) {
    const row = await single<{ different: string; repeated: string }>(
      `SELECT toString(uniqExactIf(id, id < ${count})) AS different, toString(count() - uniqExact(id)) AS repeated FROM events`,
    );
    const lost = count - Number(row.different);
    if (lost === 0 || Date.now() - since > DRAIN_DEADLINE_MS)
      return { lost, repeated: Number(row.repeated) };
    await sleep(50);
  }
}

/**
 * Deploys `change` with the connection lost at one statement, then at a later one, and so on to its end, going on
 * each time with a second deployment. @returns about how many statements the change takes.
 */
async function cutShortEverywhere(
  moment: Moment,
  change: (round: number) => Edits,
): Promise<number> {
  // What stands is the same after one and before the next.
  const step = moment === "before" ? 1 : 3;
  for (let statement = 1; statement <= MOST_STATEMENTS; statement += step) {
    const next = edited(files, change(statement));
    door.arm(statement, moment, WRITING);
    const failed = await deployment.up(next).then(
      () => false,
      () => true,
    );
    door.disarm();
    await deployment.up(next);
    expect(deployment.changes(next)).toEqual([]);
    expect(await deployment.refresh()).toEqual([]);
    files = next;
    if (!failed) return statement - 1;
  }
  throw new Error(`the change takes more than ${MOST_STATEMENTS} statements`);
}

const changes: [string, (round: number) => Edits][] = [
  ["a column added end to end", (round) => columnEndToEnd(`c${load.count}_${round}`)],
  [
    "another setting of the Kafka table",
    () => ({ kafka_events: turned("_ms = 200", "_ms = 150") }),
  ],
  [
    "a setting, a comment, an index and the query of a view",
    () => ({
      events: turned("window = 1000", "window = 900"),
      archive: turned("t DateTime)", "t DateTime COMMENT 'when', INDEX i name TYPE minmax GRANULARITY 1)"), // prettier-ignore
      bad_events_mv: turned("SELECT _raw_message AS", "SELECT concat(_raw_message, '') AS"),
    }),
  ],
  [
    "a second consumer that comes or goes",
    () =>
      "kafka_events_2" in files
        ? { events_kafka_2: undefined, kafka_events_2: undefined, events_2_mv: undefined }
        : {
            events_kafka_2: collection("events_kafka_2", stand.brokers, "member-2"),
            kafka_events_2: (files["kafka_events"] ?? "")
              .replace("kafka_events", "kafka_events_2")
              .replace("events_kafka", "events_kafka_2"),
            events_2_mv: (files["events_mv"] ?? "")
              .replace("events_mv", "events_2_mv")
              .replace("kafka_events", "kafka_events_2"),
          },
  ],
  ["a rebuild under another sorting key", () => ({ events: resorted })],
  [
    "a rollup with backfill",
    (round) => {
      const name = `rollup_${load.count}_${round}`;
      return {
        [name]: `CREATE TABLE ${name} (name String, n UInt64) ENGINE = SummingMergeTree ORDER BY name`,
        [`${name}_mv`]: `-- @backfill\nCREATE MATERIALIZED VIEW ${name}_mv TO ${name} AS SELECT name, count() AS n FROM events GROUP BY name`,
      };
    },
  ],
];

describe("a deployment that ends at any statement, under load", () => {
  it.each(
    changes.flatMap(([name, change]) =>
      (["before", "after"] as const).map((moment) => ({ name, change, moment })),
    ),
  )("$name, cut off $moment a statement", { timeout: 600_000 }, async ({ change, moment }) => {
    const statements = await cutShortEverywhere(moment, change);
    expect(statements).toBeGreaterThan(3);
    expect(await account()).toEqual({ lost: 0, repeated: 0 });
  });

  it("leaves every rollup with each row counted once", async () => {
    await load.stop();
    expect(await account()).toEqual({ lost: 0, repeated: 0 });
    await sleep(1_000);
    const total = await single<{ n: string }>("SELECT toString(count()) AS n FROM events");
    for (const name of Object.keys(files).filter((file) => /^rollup_.*\d$/.test(file))) {
      expect(await single(`SELECT toString(sum(n)) AS n FROM ${name}`), name).toEqual(total);
    }
  });
});
