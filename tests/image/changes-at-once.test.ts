import { afterAll, beforeAll, expect, it } from "vitest";
import { Deployment, type Files } from "../../bench/lib/deployment";
import { Load, sleep } from "../../bench/evolution/load";
import { baseFiles, edited } from "../../bench/evolution/schema";
import { rows, run, withClient } from "../../infra/clickhouse/client";
import { ARCHIVE_VIEW } from "./edits";
import { startStand, type Stand } from "./stand";

const TOPIC = "at_once";
/** Enough that the larger table is still being copied when the smaller one is done. */
const STORED_ROWS = 3_000_000;
const ROUNDS = 6;

let stand: Stand;
let load: Load;
let deployment: Deployment;
let files: Files;

beforeAll(async () => {
  stand = await startStand();
  await stand.createTopic(TOPIC, 3);
  const base = baseFiles(stand.brokers, TOPIC);
  files = {
    ...base,
    events: `-- @rebuild\n${base["events"]}`,
    archive: `-- @rebuild\n${base["archive"]}`,
    archive_mv: ARCHIVE_VIEW,
  };
  deployment = new Deployment(stand.connection, stand.brokers);
  await deployment.up(files);
  load = new Load(stand.kafka, TOPIC, 300);
  await load.start();
});
afterAll(async () => {
  await load.stop();
  await stand.close();
});

async function countOf(table: string): Promise<string | undefined> {
  const [row] = await withClient(stand.connection, (client) =>
    rows<{ n: string }>(client, `SELECT toString(count()) AS n FROM ${table}`),
  );
  return row?.n;
}

it("two tables of one flow, rebuilt at once under load, keep every row once", async () => {
  await withClient(stand.connection, (client) =>
    run(
      client,
      `INSERT INTO events SELECT 1000000000 + number, 'old', 1, now() FROM numbers(${STORED_ROWS})`,
    ),
  );
  // A table without rows would be made anew instead.
  await expect.poll(() => countOf("archive"), { timeout: 30_000 }).not.toBe("0");
  for (let round = 0; round < ROUNDS; round++) {
    const turn = (sql: string) =>
      /BY \(?id/.test(sql)
        ? sql.replace(/ORDER BY (id|\(id, t\))/, "ORDER BY (t, id)")
        : sql.replace("ORDER BY (t, id)", "ORDER BY id");
    files = edited(files, { events: turn, archive: turn });
    await deployment.up(files);
    await sleep(500);
  }
  await load.stop();
  const stored = () =>
    withClient(stand.connection, (client) =>
      rows<{ n: string }>(
        client,
        `SELECT toString(uniqExact(id)) AS n FROM events WHERE id < 1000000000
         UNION ALL SELECT toString(uniqExact(id)) FROM archive
         UNION ALL SELECT toString(${load.count} + count() - uniqExact(id)) FROM archive
         UNION ALL SELECT toString(${load.count} + count() - uniqExact(id)) FROM events`,
      ),
    );
  await expect
    .poll(stored, { timeout: 30_000 })
    .toEqual(Array.from({ length: 4 }, () => ({ n: String(load.count) })));
}, 300_000);
