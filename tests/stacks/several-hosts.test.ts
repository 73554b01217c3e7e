import { rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { stackNames } from "../../infra/names";
import { withSbin } from "../../tools/setup/docker/machine";
import { which } from "../../tools/setup/which";
import { checkout, leftovers, npm, npmOk, outputs, query } from "../e2e/steamline";
import { startHosts, type TestHosts } from "./docker-hosts";

const stack = "stacks-hosts";
const file = join(checkout, `Pulumi.${stack}.yaml`);
const label = `label=steamline.stack=${stack}`;
const path = process.env["PATH"];
let site: TestHosts;

/** The stack's config. Two brokers are on the first host, one and ClickHouse on the second, the producer on the third. */
async function configure(values: Record<string, string> = {}): Promise<void> {
  const [a, b, c] = site.hosts.map(({ endpoint, address }) => `${endpoint} ${address}`);
  const all = {
    hosts: `kafka ${a}; kafka,clickhouse ${b}; pipeline ${c}`,
    hostsInClear: "true",
    kafkaSecurity: "sasl_ssl",
    brokers: "3",
    replicationFactor: "2",
    pollIntervalSeconds: "5",
    ...values,
  };
  const own = Object.entries(all).map(([key, value]) => [`steamline:${key}`, value]);
  writeFileSync(file, stringify({ config: Object.fromEntries(own) as Record<string, string> }));
  await npmOk("pulumi", ["config", "set", "--secret", "hostsTls", site.tls.text, "--stack", stack]);
}

const refusal = async (command: string) => {
  const { code, stdout, stderr } = await npm(command, ["--stack", stack]);
  expect(code).not.toBe(0);
  return stdout + stderr;
};

/** What each host has of the stack. */
const found = () =>
  Promise.all(
    site.hosts.map(async ({ docker }) => {
      const lists = await Promise.all([
        docker("ps", "-a", "--filter", label, "--format", "{{.Names}}"),
        docker("network", "ls", "--filter", label, "--format", "network {{.Name}}"),
        docker("volume", "ls", "--filter", label, "--format", "volume {{.Name}}"),
      ]);
      return lists
        .join("")
        .split("\n")
        .filter((line) => line !== "")
        .sort();
    }),
  );

/** Network namespaces and engines are root's to make. */
const cannotWire = process.getuid?.() !== 0 || which("dockerd", withSbin()) === undefined;

describe.skipIf(cannotWire)("a stack over three Docker hosts", () => {
  beforeAll(async () => {
    site = await startHosts();
    process.env["PATH"] = [site.path, path].join(delimiter);
    rmSync(file, { force: true });
    // What a run that was killed left in the state is on engines that are no more.
    await npm("pulumi", ["stack", "rm", stack, "--force", "--yes"]);
    await npm("pulumi", ["stack", "init", stack]);
  });
  afterAll(async () => {
    await npm("destroy", ["--stack", stack]);
    rmSync(file, { force: true });
    process.env["PATH"] = path;
    await site.close();
  });

  it("is refused, host by host, where an engine does not answer", async () => {
    const [a, b] = site.hosts;
    const gone = `kafka,pipeline unix:///nowhere/docker.sock ${a.address}; clickhouse ${b.endpoint} ${b.address}`;
    await configure({ hosts: gone, brokers: "1", replicationFactor: "1" });
    expect(await refusal("up")).toMatch(
      /the Docker engine of 10\.213\.7\.1 \(unix:\/\/\/nowhere\/docker\.sock\) does not answer/,
    );
    expect((await found()).flat()).toEqual([]);
  });

  it("comes up to live rows, each part where config has it, and nothing on this machine's own engine", async () => {
    await configure();
    await npmOk("up", ["--stack", stack]);
    const network = `network steamline-${stack}`;
    const volume = (name: string) => `volume steamline-${stack}-${name}`;
    const containers = (...names: string[]) => names.map((name) => `${stack}-${name}`);
    const expected = [
      [network, ...containers("kafka", "kafka-3"), volume("kafka"), volume("kafka-3")],
      [
        network,
        ...containers("clickhouse-server", "kafka-2"),
        volume("clickhouse"),
        volume("kafka-2"),
      ],
      [network, ...containers("steam-producer", "steam-simulator"), volume("producer-spool")],
    ];
    expect(await found()).toEqual(expected.map((names) => names.sort()));
    expect(await leftovers(stack)).toEqual([]);
    expect(
      Number(await query("SELECT count() FROM steam_top_games", "reader", stack)),
    ).toBeGreaterThan(0);
  });

  it("has a replica of every partition on either host of Kafka, though one has two of the three brokers", async () => {
    const [a] = site.hosts;
    const topic = ["--topic", stackNames(stack).topics.topGames];
    const where = ["--bootstrap-server", "localhost:9092"];
    const told = await a.docker("exec", `${stack}-kafka`, "kafka-topics", "--describe", ...topic, ...where); // prettier-ignore
    const replicas = [...told.matchAll(/Replicas: (\d,\d)/g)].map(([, both]) => both);
    expect(replicas).toHaveLength(3);
    for (const both of replicas) expect(both).toContain("2");
  });

  it("publishes ports on the hosts' addresses and on no other", async () => {
    const format =
      "{{range $k, $v := .NetworkSettings.Ports}}{{range $v}}{{.HostIp}}\n{{end}}{{end}}";
    for (const { address, docker } of site.hosts) {
      const ids = (await docker("ps", "-q", "--filter", label)).trim().split("\n");
      const bound = (await docker("inspect", "--format", format, ...ids)).split("\n");
      expect(new Set(bound.filter((ip) => ip !== ""))).toEqual(new Set([address]));
    }
  });

  it("audits complete, is healthy, keeps the policy, and shows no change", async () => {
    expect((await npmOk("audit", ["--stack", stack])).stdout).toContain("complete");
    await npmOk("status", ["--stack", stack]);
    await npmOk("preview", ["--stack", stack, "--policy"]);
    await npmOk("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
  });

  it("backs its rows up from the host that has them", async () => {
    const out = join(checkout, ".steamline", `${stack}.tar`);
    rmSync(out, { force: true });
    const { stdout } = await npmOk("backup", ["--stack", stack, "--out", out]);
    expect(stdout).toMatch(/table steam_top_games +[\d,]+ rows/);
    rmSync(out);
  });

  it("keeps the key to the engine out of its state", async () => {
    const { stdout } = await npmOk("pulumi", ["stack", "export", "--stack", stack]);
    const line = site.tls.key.split("\n")[1] ?? "";
    expect(line.length).toBeGreaterThan(20);
    expect(stdout).not.toContain(line);
  });

  it("goes on with its records where containers of two hosts were killed, and starts them again", async () => {
    const [, b, c] = site.hosts;
    await b.docker("kill", `${stack}-kafka-2`);
    await c.docker("kill", `${stack}-steam-producer`);
    await npmOk("up", ["--stack", stack, "--refresh"]);
    expect((await npmOk("audit", ["--stack", stack])).stdout).toContain("complete");
  });

  it("does not have data on another host by config", async () => {
    const [a, b, c] = site.hosts.map(({ endpoint, address }) => `${endpoint} ${address}`);
    await configure({ hosts: `kafka,clickhouse ${a}; kafka ${b}; pipeline ${c}` });
    const moved =
      /steamline-stacks-hosts-clickhouse is on 10\.213\.7\.2, and config has it on 10\.213\.7\.1/;
    expect(await refusal("preview")).toMatch(moved);
    expect(await refusal("up")).toMatch(moved);
    await configure();
  });

  it("is found by whoever deploys at the hosts' addresses", async () => {
    const told = await outputs(stack);
    expect(told["clickhouseUrl"]).toMatch(/^http:\/\/10\.213\.7\.2:\d+$/);
    expect(told["producerUrl"]).toMatch(/^http:\/\/10\.213\.7\.3:\d+$/);
    expect(told["kafkaBootstrapServers"]).toMatch(
      /^10\.213\.7\.1:\d+,10\.213\.7\.2:\d+,10\.213\.7\.1:\d+$/,
    );
  });

  it("moves what holds no data to another host, and leaves nothing on the one before", async () => {
    const [a, b] = site.hosts.map(({ endpoint, address }) => `${endpoint} ${address}`);
    await configure({ hosts: `kafka,pipeline ${a}; kafka,clickhouse ${b}` });
    await npmOk("up", ["--stack", stack]);
    const [first, , third] = await found();
    expect(first).toEqual(expect.arrayContaining([`${stack}-steam-producer`]));
    expect(third).toEqual([]);
    expect((await npmOk("audit", ["--stack", stack])).stdout).toContain("complete");
    await npmOk("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
  });

  it("is destroyed without a trace on any", async () => {
    await npmOk("destroy", ["--stack", stack]);
    expect((await found()).flat()).toEqual([]);
  });
});
