import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { checkout, docker, leftovers, npm, npmOk, outputs, query } from "../e2e/steamline";

/**
 * Two shards of two replicas, of the official image: .github/workflows/registry.yml runs this where that can be had, and
 * destroys what a test that failed has left, once the containers have told what they know.
 */
const name = "quartet";
const file = join(checkout, `Pulumi.${name}.yaml`);
const canRun = process.env["STEAMLINE_OFFICIAL_IMAGES"] === "1";
const servers = ["", "-1-2", "-2-1", "-2-2"].map((place) => `${name}-clickhouse-server${place}`);

const configure = (values: Record<string, number | string> = {}) => {
  const config = {
    imageSource: "registry",
    source: "simulated",
    pollIntervalSeconds: 5,
    partitions: 8,
    clickhouseShards: 2,
    clickhouseReplicas: 2,
    clickhouseMemoryMb: 1536,
    ...values,
  };
  const lines = Object.entries(config).map(([key, value]) => `  steamline:${key}: ${value}\n`);
  writeFileSync(file, `config:\n${lines.join("")}`);
};
/** What the stack is changed to, one setting of containers, of Kafka tables and of tables. */
const settings = { clickhouseMemoryMb: 1600, flushIntervalMs: 600, ttlDays: 91 };
const ask = (sql: string) => query(sql, "admin", name);
/** What each server says by itself. */
const askEach = async (sql: string) => {
  const { adminPassword = "" } = await outputs(name);
  const asked = servers.map((server) => docker("exec", server, "clickhouse-client", "--user", "admin", "--password", adminPassword, "--query", sql)); // prettier-ignore
  return (await Promise.all(asked)).map((answer) => answer.trim());
};
const bothHold = async () => {
  const held = "SELECT count() FROM steamline_shard.steam_top_games FINAL";
  const [first, second, third, fourth] = await askEach(held);
  return { first, second, third, fourth };
};
/** Asks until it is so, for a minute. */
async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  for (const since = Date.now(); ; await sleep(1_000)) {
    const seen = await look();
    if (isSo(seen) || Date.now() - since > 60_000) return seen;
  }
}

describe.skipIf(!canRun)("a cluster of two shards of two replicas", () => {
  beforeAll(async () => {
    configure();
    await npmOk("up", ["--stack", name]);
  });

  it("is healthy with every server, and shows no change", async () => {
    const status = await npm("status", ["--stack", name, "--json", "--wait"]);
    expect(status.code, status.stdout).toBe(0);
    expect(status.stdout).toContain("all 4 answer");
    await npmOk("preview", ["--stack", name, "--refresh", "--expect-no-changes"]);
  });

  it("has every server read, and rows on both shards, alike on their replicas", async () => {
    const readers =
      "SELECT uniqExact(hostName()) FROM clusterAllReplicas('steamline', system.kafka_consumers) WHERE table = 'kafka_steam_top_games' AND num_messages_read > 0";
    expect(
      await until(
        () => ask(readers),
        (n) => n === "4",
      ),
    ).toBe("4");
    const held = await until(bothHold, ({ first, second, third, fourth }) => first === second && third === fourth); // prettier-ignore
    expect([held.first, held.third]).toEqual([held.second, held.fourth]);
    expect(Number(held.first)).toBeGreaterThan(0);
    expect(Number(held.third)).toBeGreaterThan(0);
  });

  it("shows the reader each row once, whichever server answers, and nothing twice in the hours", async () => {
    const twice =
      "SELECT count() FROM (SELECT game_id, fetch_time FROM steam_top_games FINAL GROUP BY ALL HAVING count() > 1)";
    expect(await askEach(twice)).toEqual(["0", "0", "0", "0"]);
    const audit = await npmOk("audit", ["--stack", name]);
    expect(audit.stdout).toContain("complete");
    const counted = await until(() => ask("SELECT count() FROM steam_hourly_players FINAL"), (n) => n !== "0"); // prettier-ignore
    expect(Number(counted)).toBeGreaterThan(0);
  }, 240_000);

  it("takes a message that comes to two servers for one row", async () => {
    const now = new Date().toISOString().slice(0, 19).replace("T", " ");
    const row = `INSERT INTO steam_top_games VALUES (4000000000, 'twice', 1, 1, 1, '${now}')`;
    await askEach(row);
    expect(await ask("SELECT count() FROM steam_top_games FINAL WHERE game_id = 4000000000")).toBe("1"); // prettier-ignore
    expect(await query("SELECT count() FROM steam_top_games WHERE game_id = 4000000000", "reader", name)).toBe("1"); // prettier-ignore
  });

  it("goes on while a server is away, which catches up when it is back", async () => {
    await docker("stop", servers[3] ?? "");
    const before = Number(await ask("SELECT count() FROM steam_top_games FINAL"));
    const more = await until(async () => Number(await ask("SELECT count() FROM steam_top_games FINAL")), (n) => n > before); // prettier-ignore
    expect(more).toBeGreaterThan(before);
    expect((await npm("status", ["--stack", name])).stdout).toContain("clickhouse-2-2 of 4 does not answer"); // prettier-ignore
    await npmOk("up", ["--stack", name, "--refresh"]);
    await npmOk("status", ["--stack", name, "--wait"]);
  });

  it("changes a setting on one server after the other", async () => {
    configure({ clickhouseMemoryMb: 1600 });
    const up = npmOk("up", ["--stack", name]);
    let fewest = servers.length;
    for (let done = false; !done;) {
      done = await Promise.race([up.then(() => true), sleep(200).then(() => false)]);
      const running = await docker("ps", "-q", "--filter", "status=running", "--filter", `name=${name}-clickhouse-server`); // prettier-ignore
      fewest = Math.min(fewest, running.split("\n").length - 1);
    }
    expect(fewest).toBe(servers.length - 1);
    await npmOk("status", ["--stack", name, "--wait"]);
    expect((await npmOk("audit", ["--stack", name])).stdout).toContain("complete");
  });

  it("changes a Kafka table behind its gate, and a table in place, on every server", async () => {
    configure(settings);
    await npmOk("up", ["--stack", name]);
    const changed = `SELECT countIf(engine_full LIKE '%kafka_flush_interval_ms = 600%'), countIf(engine_full LIKE '%toIntervalDay(91)%') > 0
      FROM system.tables WHERE database IN ('default', 'steamline_shard')`;
    expect(await askEach(changed)).toEqual(Array(4).fill("2\t1"));
    await npmOk("status", ["--stack", name, "--wait"]);
    expect((await npmOk("audit", ["--stack", name])).stdout).toContain("complete");
    await npmOk("preview", ["--stack", name, "--refresh", "--expect-no-changes"]);
  });

  it("refuses fewer shards while they hold rows, and changes nothing", async () => {
    configure({ ...settings, clickhouseShards: 1 });
    const fewer = await npm("up", ["--stack", name]);
    expect(fewer.code).not.toBe(0);
    expect(fewer.stdout + fewer.stderr).toMatch(/clickhouseShards cannot be lowered from 2 to 1, .*shard 2 holds \d+ rows/); // prettier-ignore
    expect((await npm("status", ["--stack", name])).code).toBe(0);
    configure(settings);
  });

  it("forgets a replica that is taken away", async () => {
    configure({ ...settings, clickhouseReplicas: 1 });
    await npmOk("up", ["--stack", name]);
    const known =
      "SELECT max(total_replicas) FROM system.replicas WHERE database = 'steamline_shard'";
    expect(await ask(known)).toBe("1");
    await npmOk("status", ["--stack", name, "--wait"]);
  });

  it("is destroyed without a trace", async () => {
    await npmOk("destroy", ["--stack", name]);
    expect(await leftovers(name)).toEqual([]);
    rmSync(file, { force: true });
  });
});
