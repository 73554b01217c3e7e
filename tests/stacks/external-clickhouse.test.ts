import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { rows, withClient } from "../../infra/clickhouse/client";
import { createAuthority } from "../../infra/dynamic/certificates";
import { patiently } from "../chaos/patience";
import { checkout, docker, leftovers, npm, npmOk } from "../e2e/steamline";
import { startForeignClickhouse, type ForeignClickhouse } from "./foreign-clickhouse";
import { startForeignKafka, type ForeignKafka } from "./foreign-kafka";

const stack = "stacks-warehouse";
const other = "stacks-warehouse-2";
const fileOf = (name: string) => join(checkout, `Pulumi.${name}.yaml`);
/** Where the engine's own client finds the brokers, which speaks neither TLS nor SCRAM. */
const RELAY = "127.0.0.1:29092";
let kafka: ForeignKafka;
let clickhouse: ForeignClickhouse;

const secrets = {
  kafkaExternalPassword: "right",
  clickhouseExternalPassword: "company's",
  clickhouseExternalReaderPassword: "viewer's",
};

/** A stack's config, with the passwords as Pulumi wants them. */
async function configure(values: Record<string, string> = {}, name = stack): Promise<void> {
  const { brokers, tls, sasl } = kafka.access;
  const all = {
    kafkaExternal: brokers,
    kafkaExternalCa: tls.ca,
    kafkaExternalMechanism: sasl.mechanism,
    kafkaExternalUsername: sasl.username,
    clickhouseEngine: "embedded",
    clickhouseExternal: clickhouse.connection.url,
    clickhouseExternalDatabase: clickhouse.connection.database,
    clickhouseExternalCa: clickhouse.connection.ca,
    clickhouseExternalUsername: clickhouse.connection.username,
    clickhouseExternalReader: "viewer",
    clickhouseExternalBrokers: RELAY,
    ...secrets,
    ...values,
  };
  const clear = Object.entries(all).filter(([key]) => !(key in secrets));
  const config = Object.fromEntries(clear.map(([key, value]) => [`steamline:${key}`, value]));
  writeFileSync(fileOf(name), stringify({ config }));
  const hidden = Object.entries(all).filter(([key, value]) => key in secrets && value !== "");
  const pairs = hidden.flatMap(([key, value]) => ["--secret", `${key}=${value}`]);
  await npmOk("pulumi", ["config", "set-all", ...pairs, "--stack", name]);
}

const refusal = async (command = "up", name = stack) => {
  const { code, stdout, stderr } = await npm(command, ["--stack", name]);
  expect(code).not.toBe(0);
  return stdout + stderr;
};

/** Waits until hours are counted, which a view does by itself each minute. */
async function counted(): Promise<void> {
  const query = "SELECT count() AS n FROM steam_hourly_players";
  await patiently(async () => {
    const [row] = await withClient(clickhouse.connection, (client) => rows<{ n: string }>(client, query)); // prettier-ignore
    if (Number(row?.n) === 0) throw new Error("no hour is counted");
  }, 90_000);
}

describe("a stack whose ClickHouse is somebody else's", () => {
  beforeAll(async () => {
    kafka = await startForeignKafka();
    clickhouse = await startForeignClickhouse(kafka.access);
    for (const name of [stack, other]) {
      rmSync(fileOf(name), { force: true });
      await npm("pulumi", ["stack", "init", name]);
    }
  });
  afterAll(async () => {
    for (const name of [stack, other]) {
      await npm("destroy", ["--delete-data", "--stack", name]);
      rmSync(fileOf(name), { force: true });
    }
    await clickhouse.close();
    await kafka.close();
  });

  it("is refused, and why is told, where that cannot be used, and nothing is made", async () => {
    await configure({ clickhouseExternalPassword: "wrong" });
    expect(await refusal()).toMatch(
      /does not let company in: .*Look at clickhouseExternalUsername and clickhouseExternalPassword/,
    );
    await configure({ clickhouseExternalReaderPassword: "wrong" });
    expect(await refusal()).toMatch(/does not let viewer in: .*clickhouseExternalReaderPassword/);
    await configure({
      clickhouseExternalReader: "careless",
      clickhouseExternalReaderPassword: "careless's",
    });
    expect(await refusal()).toMatch(/lets clickhouseExternalReader see rows twice until/);
    const { certificate } = await createAuthority({ commonName: "another" });
    await configure({ clickhouseExternalCa: certificate });
    expect(await refusal()).toMatch(/shows a certificate that is not trusted: /);
    await configure({ clickhouseExternal: "https://localhost:1" });
    expect(await refusal()).toMatch(
      /the ClickHouse at https:\/\/localhost:1 \(clickhouseExternal\) does not answer/,
    );
    expect(await clickhouse.objects()).toEqual([]);
    expect(await leftovers(stack)).toEqual([]);
  });

  it("comes up to live rows without an engine of its own, and shows no change then", async () => {
    await configure({ protectData: "true" });
    await npmOk("up", ["--stack", stack]);
    const running = await docker("ps", "--format", "{{.Names}}", "--filter", `label=steamline.stack=${stack}`); // prettier-ignore
    expect(running.trim().split("\n").sort()).toEqual([
      `${stack}-steam-producer`,
      `${stack}-steam-simulator`,
    ]);
    expect((await npmOk("audit", ["--stack", stack])).stdout).toContain("complete");
    await counted();
    await npmOk("status", ["--stack", stack]);
    await npmOk("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
  });

  it("keeps another stack out of it, and stays in it itself", async () => {
    await configure({}, other);
    expect(await refusal("preview", other)).toContain(`holds the objects of the stack ${stack} `);
    await configure({ clickhouseExternal: "", protectData: "true" });
    expect(await refusal()).toMatch(/clickhouseExternal: the stack has its rows in/);
    expect((await leftovers(stack)).join()).not.toContain("clickhouse");
    await configure({ protectData: "true" });
  });

  it("is not backed up from here", async () => {
    expect(await refusal("backup")).toContain("is backed up by who runs it");
  });

  it("is not destroyed where its data is protected, unless that is wanted, and takes its objects with it", async () => {
    const told = await refusal("destroy");
    expect(told).toMatch(/protects its data: \d+ rows/);
    expect(told).toContain(clickhouse.connection.url);
    expect(await clickhouse.objects()).toContain("rows_of_games.steam_top_games");
    await npmOk("destroy", ["--delete-data", "--stack", stack]);
    expect(await clickhouse.objects()).toEqual([]);
    expect(await leftovers(stack)).toEqual([]);
  });
});
