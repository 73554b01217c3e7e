import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Deployment, type Files } from "../../bench/lib/deployment";
import { Load, sleep } from "../../bench/evolution/load";
import { baseFiles, collection, edited, type Edits } from "../../bench/evolution/schema";
import { rows, withClient } from "../../infra/clickhouse/client";
import { quoteString } from "../../infra/clickhouse/render";
import { ARCHIVE_VIEW, columnEndToEnd, resorted, turned } from "./edits";
import { CHANGING, FailingDoor } from "./failing-door";
import { startStand, type Stand } from "./stand";

const TOPIC = "kills";
const DRAIN_DEADLINE_MS = 60_000;
/** How long the engine reads after its restart before the deployment goes on: some flushes. */
const READING_MS = 700;
const MOST_STATEMENTS = 60;

let stand: Stand;
let door: FailingDoor;
let load: Load;
let deployment: Deployment;
let files: Files;

beforeAll(async () => {
  stand = await startStand();
  door = await FailingDoor.before(stand.connection);
  await stand.createTopic(TOPIC, 3);
  // Two views store the same records: one that reads alone for a moment leaves the other without them.
  files = {
    ...baseFiles(stand.brokers, TOPIC),
    archive_mv: ARCHIVE_VIEW,
    // Further down, and reads a column that is renamed.
    copy: "CREATE TABLE copy (id UInt64, v UInt32) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 1000",
    copy_mv: "CREATE MATERIALIZED VIEW copy_mv TO copy AS SELECT id, value AS v FROM events",
  };
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

/** Where the records of `archive_mv` are, which writes now to one table and now to the other. */
const ARCHIVED = "(SELECT id FROM archive UNION ALL SELECT id FROM events_b)";

/**
 * Waits until each table holds all records acknowledged by now, and tells what is missing. A block that was stored but
 * not committed when the engine was killed comes again, which these plain tables keep.
 */
async function account(tables: readonly string[]) {
  const count = load.count;
  const each = tables.map(
    (table) =>
      `SELECT ${quoteString(table)} AS table, uniqExactIf(id, id < ${count}) AS n FROM ${table}`,
  );
  for (const since = Date.now(); ;) {
    const found = await withClient(stand.connection, (client) =>
      rows<{ table: string; n: string }>(client, each.join(" UNION ALL ")),
    );
    const missing = found
      .map(({ table, n }) => ({ table, lost: count - Number(n) }))
      .filter(({ lost }) => lost !== 0);
    if (missing.length === 0 || Date.now() - since > DRAIN_DEADLINE_MS) return missing;
    await sleep(50);
  }
}

/** Records whose value is not the one that was sent. */
function wrongValues(table: string, column: string) {
  return withClient(stand.connection, (client) =>
    rows(client, `SELECT toString(countIf(${column} != id % 1000)) AS n FROM ${table}`),
  );
}

interface Killed {
  /** What is deployed next, with the engine killed meanwhile. */
  change: (round: number) => Edits;
  /** Statements from one kill to the next, where another change has the same ones. @default 1 */
  step?: number;
  /** Whether the files are as before again when the deployment goes on. */
  reverts?: boolean;
  afterwards?: (next: Files) => Promise<void>;
}

/**
 * Deploys a change with the engine killed before its first statement, then before its second, and so on to its
 * end. Each time the engine reads for a while as it was left, before a second deployment goes on.
 * @returns how many statements the change takes.
 */
async function killAtEach({
  change,
  step = 1,
  reverts = false,
  afterwards,
}: Killed): Promise<number> {
  for (let statement = 1; statement <= MOST_STATEMENTS; statement += step) {
    const next = edited(files, change(statement));
    door.arm(statement, "before", CHANGING);
    const failed = await deployment.up(next).then(
      () => false,
      () => true,
    );
    if (failed) {
      await stand.killEngine();
      await sleep(READING_MS);
    }
    door.disarm();
    const then = reverts ? files : next;
    await deployment.up(then);
    expect(deployment.changes(then)).toEqual([]);
    expect(await deployment.refresh()).toEqual([]);
    files = then;
    await afterwards?.(then);
    if (!failed) return statement - 1;
  }
  throw new Error(`the change takes more than ${MOST_STATEMENTS} statements`);
}

describe("an engine that is killed at any statement of a change, under load", () => {
  it.each<Killed & { name: string }>([
    { name: "a column added end to end", change: (round) => columnEndToEnd(`c${round}`) },
    {
      name: "another setting of the Kafka table, taken back after the kill",
      change: () => ({ kafka_events: turned("_ms = 200", "_ms = 150") }),
      step: 3,
      reverts: true,
    },
    {
      name: "a column renamed, which a view writes",
      change: (round) => ({
        events: (sql) => {
          const old = /(value|v\d+) UInt32/.exec(sql)?.[1] ?? "";
          const plain = sql
            .replace(/^-- @rename.*\n/, "")
            .replace(`${old} UInt32`, `v${round} UInt32`);
          return `-- @rename ${old} to v${round}\n${plain}`;
        },
        events_mv: (sql) => sql.replace(/value( AS v\d+)?,/, `value AS v${round},`),
        copy_mv: (sql) => sql.replace(/\w+ AS v /, `v${round} AS v `),
      }),
      afterwards: async (next) => {
        expect(await wrongValues("copy", "v")).toEqual([{ n: "0" }]);
        const name = / to (v\d+)\n/.exec(next["events"] ?? "")?.[1];
        expect(await wrongValues("events", `${name}`)).toEqual([{ n: "0" }]);
      },
    },
    {
      name: "another target of a view",
      change: () => ({ archive_mv: turned("TO archive", "TO events_b") }),
    },
    {
      name: "a rebuild under another sorting key",
      change: () => ({ events: resorted }),
    },
    {
      name: "a flow made from nothing",
      change: (round) => flow(`made_${round}`),
      step: 2,
      afterwards: async (next) => {
        const made = Object.keys(next).filter((name) => /^made_/.test(name));
        const tables = made.filter((name) => /_[abc]$/.test(name));
        expect(await account(tables)).toEqual([]);
        files = edited(files, Object.fromEntries(made.map((name) => [name, undefined])));
        await deployment.up(files, tables);
      },
    },
  ])("$name", { timeout: 600_000 }, async (killed) => {
    const statements = await killAtEach(killed);
    expect(statements).toBeGreaterThan(3);
    expect(await account(["events", ARCHIVED, "copy"])).toEqual([]);
  });
});

/** A Kafka table in a group of its own, which has read nothing yet, two views of it, and a third one further down. */
function flow(name: string): Edits {
  const view = (letter: string) => ({
    [`${name}_${letter}`]: `CREATE TABLE ${name}_${letter} (id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 1000`,
    [`${name}_${letter}_mv`]: `CREATE MATERIALIZED VIEW ${name}_${letter}_mv TO ${name}_${letter} AS SELECT id FROM ${name}_kafka WHERE length(_error) = 0`,
  });
  return {
    [`${name}_collection`]: collection(`${name}_collection`, stand.brokers, name),
    [`${name}_kafka`]: `CREATE TABLE ${name}_kafka (id UInt64) ENGINE = Kafka(${name}_collection)
      SETTINGS kafka_topic_list = '${TOPIC}', kafka_group_name = '${name}', kafka_format = 'JSONEachRow',
      kafka_flush_interval_ms = 200, kafka_handle_error_mode = 'stream', input_format_skip_unknown_fields = 1`,
    ...view("a"),
    ...view("b"),
    // Named so that it would be made last.
    [`${name}_z_c`]: `CREATE TABLE ${name}_z_c (id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 1000`,
    [`${name}_z_mv`]: `CREATE MATERIALIZED VIEW ${name}_z_mv TO ${name}_z_c AS SELECT id FROM ${name}_a`,
  };
}
