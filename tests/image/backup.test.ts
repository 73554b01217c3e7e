import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, withClient } from "../../infra/clickhouse/client";
import { audit } from "../../tools/lib/audit/audit";
import { brokerOffsets } from "../../tools/lib/audit/broker";
import { backup } from "../../tools/lib/backup/backup";
import { MANIFEST, readManifest } from "../../tools/lib/backup/manifest";
import { restore } from "../../tools/lib/backup/restore";
import type { BackupTarget } from "../../tools/lib/backup/target";
import type { Vault } from "../../tools/lib/backup/vault";
import { record } from "./bad-messages";
import { startStand, type Stand } from "./stand";
import { ask, groups, makeWarehouse, reaches, topics } from "./warehouse";

const folder = mkdtempSync(join(tmpdir(), "backup-"));
const file = join(folder, "one.tar");
const stream = {
  topic: topics.topGames,
  group: groups.topGames,
  table: "steam_top_games",
  keyColumn: "game_id",
};
const held = [
  "steam_top_games",
  "steam_hourly_stats",
  "steam_hourly_players",
  "steam_dead_letters",
  "steam_ledger",
  "steam_ledger_keys",
];
let id = 0;
let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  await makeWarehouse(stand);
  // It would write at any full minute, into a table that a test holds to be empty.
  await withClient(stand.connection, (client) =>
    run(client, "SYSTEM STOP VIEW steam_hourly_players_mv"),
  );
});
afterAll(async () => {
  await stand.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As the container's, with an engine that runs beside the test. */
function vault(): Vault {
  const backups = join(stand.dataDir, "backups");
  return {
    take: (name, manifest, to) => {
      writeFileSync(join(backups, name, MANIFEST), manifest);
      execFileSync("tar", ["-C", backups, "-cf", to, name]);
      return Promise.resolve();
    },
    put: (name, from) => {
      mkdirSync(backups, { recursive: true });
      execFileSync("tar", ["-C", backups, "-xf", from]);
      return Promise.resolve();
    },
    remove: (name) => {
      rmSync(join(backups, name), { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}
const target = (): BackupTarget => ({
  stack: "stand",
  connection: stand.connection,
  kafka: { brokers: stand.brokers },
  streams: [stream],
  vault: vault(),
  progress: { step: (_, work) => work(() => undefined), note: () => undefined },
});
const findings = () =>
  audit({
    kafka: { brokers: stand.brokers },
    streams: [stream],
    ask: (sql) => ask(stand, sql),
    producerUrl: undefined,
    days: 7,
  });

async function send(values: string[]): Promise<void> {
  const producer = stand.kafka.producer();
  await producer.connect();
  const messages = values.map((value, i) => ({ key: String(i), value }));
  await producer.send({ topic: topics.topGames, messages });
  await producer.disconnect();
}
const good = (count: number) =>
  Array.from({ length: count }, () => JSON.stringify(record({ game_id: ++id })));
const rowsOf = (where = "1") =>
  ask<{ n: string }>(stand, `SELECT count() AS n FROM steam_top_games FINAL WHERE ${where}`).then(
    ([row]) => Number(row!.n),
  );

/** Waits until every view has stored what was sent: only then are its offsets committed. */
async function settled(): Promise<void> {
  while (
    (await brokerOffsets({ brokers: stand.brokers }, stream)).some(
      ({ end, committed }) => committed < end,
    )
  )
    await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Everything of the tables, in an order and form in which merges make no difference. */
async function content(): Promise<unknown[]> {
  await settled();
  return [
    await ask(stand, "SELECT * FROM steam_top_games FINAL ORDER BY game_id, fetch_time"),
    await ask(stand, "SELECT * FROM steam_dead_letters FINAL ORDER BY partition, offset"),
    await ask(
      stand,
      "SELECT hour, game_id, sum(total_players), sum(records) FROM steam_hourly_stats GROUP BY ALL ORDER BY ALL",
    ),
    await ask(
      stand,
      "SELECT partition, fate, bitmapToArray(groupBitmapMergeState(offsets)) FROM steam_ledger GROUP BY ALL ORDER BY ALL",
    ),
    await ask(
      stand,
      "SELECT day, key, bitmapToArray(groupBitmapMergeState(times)) FROM steam_ledger_keys GROUP BY ALL ORDER BY ALL",
    ),
  ];
}

async function loseAll(): Promise<void> {
  await settled();
  for (const table of held) await ask(stand, `TRUNCATE TABLE ${table}`);
}

describe("a back-up", () => {
  it("holds every table as of one moment, and leaves nothing behind", async () => {
    await send([...good(200), "hello", "{}"]);
    await reaches(stand, "SELECT count() FROM steam_top_games", 200);
    await reaches(stand, "SELECT count() FROM steam_dead_letters", 2);
    const made = await backup(target(), file);
    expect(readManifest(file)).toEqual(made);
    expect(made.tables.find(({ name }) => name === "steam_top_games")?.rows).toBe(200);
    const committed = made.streams[0]!.partitions.reduce((sum, one) => sum + one.committed, 0);
    expect(committed).toBe(202);
    expect(await ask(stand, "SHOW DATABASES LIKE 'steamline_%'")).toEqual([]);
  });

  it("does not take the place of a file", async () => {
    const before = readFileSync(file);
    await expect(backup(target(), file)).rejects.toMatchObject({ code: "USAGE" });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("lets consumption go on", async () => {
    await send(good(10));
    await reaches(stand, "SELECT count() FROM steam_top_games", 210);
  });
});

describe("a restore", () => {
  it("onto tables with rows is refused, and changes nothing", async () => {
    const before = await content();
    const refused = restore(target(), file, false);
    await expect(refused).rejects.toMatchObject({ code: "NOT_EMPTY" });
    await expect(refused).rejects.toThrow(/steam_top_games \(210 rows\)/);
    expect(await content()).toEqual(before);
  });

  it.each([
    ["is cut off", (path: string) => truncateSync(path, 20_000)],
    ["is no back-up of a stack", (path: string) => writeFileSync(path, "x".repeat(2_000))],
    ["does not exist", (path: string) => rmSync(path)],
  ])("of a file that %s is refused", async (words, spoil) => {
    const path = join(folder, "bad.tar");
    writeFileSync(path, readFileSync(file));
    spoil(path);
    const refused = restore(target(), path, true);
    await expect(refused).rejects.toMatchObject({ code: "BACKUP" });
    await expect(refused).rejects.toThrow(words);
  });

  it("of a file whose content is damaged is refused, and changes nothing", async () => {
    const path = join(folder, "damaged.tar");
    const bytes = readFileSync(file);
    const at = bytes.indexOf("Counter-Strike 2");
    bytes.fill(0, at, at + 16);
    writeFileSync(path, bytes);
    const before = await content();
    await expect(restore(target(), path, true)).rejects.toMatchObject({ code: "BACKUP" });
    expect(await content()).toEqual(before);
    expect(await ask(stand, "SHOW DATABASES LIKE 'steamline_%'")).toEqual([]);
  });

  it("gives every table back its rows, the ledger of a topic that goes on among them", async () => {
    await loseAll();
    const path = join(folder, "two.tar");
    await send(good(50));
    await reaches(stand, "SELECT count() FROM steam_top_games", 50);
    const before = await content();
    await backup(target(), path);
    await loseAll();
    const done = await restore(target(), path, false);
    expect(done.continued).toHaveLength(1);
    expect(await content()).toEqual(before);
    expect(await ask(stand, "SHOW DATABASES LIKE 'steamline_%'")).toEqual([]);
  });

  it("into a table that has got a column since gives the column's default", async () => {
    await loseAll();
    await ask(stand, "ALTER TABLE steam_top_games ADD COLUMN region String DEFAULT 'eu'");
    await restore(target(), file, false);
    expect(await rowsOf("region = 'eu'")).toBe(200);
    const [sums] = await ask<{ n: string }>(
      stand,
      "SELECT sum(records) AS n FROM steam_hourly_stats",
    );
    expect(Number(sums!.n)).toBe(200);
    await ask(stand, "ALTER TABLE steam_top_games DROP COLUMN region");
  });

  it("that was cut short before its rows moved in goes on from what is loaded", async () => {
    await loseAll();
    const cut = { ...vault(), remove: () => Promise.reject(new Error("cut short")) };
    await expect(restore({ ...target(), vault: cut }, file, false)).rejects.toThrow("cut short");
    expect(await rowsOf()).toBe(0);
    const other = join(folder, "two.tar");
    await expect(restore(target(), other, false)).rejects.toMatchObject({ code: "BACKUP" });
    const loaded = { ...vault(), put: () => Promise.reject(new Error("is loaded already")) };
    await restore({ ...target(), vault: loaded }, file, false);
    expect(await rowsOf()).toBe(200);
  });

  it("makes a table that is not there as it was", async () => {
    await ask(stand, "CREATE TABLE mine (a UInt8) ENGINE = MergeTree ORDER BY a");
    await ask(stand, "INSERT INTO mine SELECT number FROM numbers(7)");
    const path = join(folder, "three.tar");
    await backup(target(), path);
    await ask(stand, "DROP TABLE mine SYNC");
    await loseAll();
    await restore(target(), path, false);
    expect(await ask(stand, "SELECT toUInt8(sum(a)) AS n FROM mine")).toEqual([{ n: 21 }]);
  });

  it("beside a new topic of the same name adds the rows, and leaves the old topic's ledger out", async () => {
    await loseAll();
    await ask(stand, "DETACH TABLE kafka_steam_top_games");
    const admin = stand.kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topics.topGames] });
    for (;;) {
      const left = await admin.listTopics();
      if (!left.includes(topics.topGames)) break;
    }
    await admin.createTopics({ topics: [{ topic: topics.topGames, numPartitions: 3 }] });
    await admin.disconnect();
    await ask(stand, "ATTACH TABLE kafka_steam_top_games");
    await send(good(30));
    await reaches(stand, "SELECT count() FROM steam_top_games", 30);
    await settled();
    const done = await restore(target(), file, true);
    expect(done.continued).toEqual([]);
    expect(await rowsOf()).toBe(230);
    const found = await findings();
    expect(found.complete).toBe(true);
    expect(found.streams[0]!.rows).toMatchObject({ keys: 230, rows: 230 });
  });
});
