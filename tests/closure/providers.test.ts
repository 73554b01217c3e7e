import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { CertificateState } from "../../infra/dynamic/certificates";
import { reload } from "./reload";

const checkout = join(__dirname, "../..");

/** Providers as the program registers them, caught on their way to the engine. */
const caught = new Map<string, string>();

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (args) => {
      caught.set(args.type, String((args.inputs as { __provider?: string }).__provider));
      return { id: args.name, state: args.inputs as Record<string, unknown> };
    },
  });
  const { SqlObject } = await import("../../infra/clickhouse/object");
  const { SqlCatalog } = await import("../../infra/clickhouse/sql-catalog");
  const { NO_POLICY } = await import("../../infra/clickhouse/policy");
  const { GeneratedFile } = await import("../../infra/generated-file");
  const { Password } = await import("../../infra/password");
  const { ClusterFormed, ClusterShape, NodeInSync } = await import("../../infra/broker-rollout");
  const { ServerInSync, ServerPlace, WarehouseShape } =
    await import("../../infra/warehouse-rollout");
  const { Certificate, CertificateAuthority } = await import("../../infra/certificates");
  const { KafkaEndpoint } = await import("../../infra/external-kafka");
  const { ClickHouseClaim, StoredRows } = await import("../../infra/external-clickhouse");
  const { OffsetReset } = await import("../../infra/offsets/resource");
  const connection = {
    url: "http://localhost:1",
    username: "admin",
    password: "hunter2-clear",
    database: "default",
  };
  const resources = [
    new SqlObject("table", {
      name: "t",
      kind: "table",
      statement: "CREATE TABLE t",
      definition: "CREATE TABLE default.t",
      policy: NO_POLICY,
      allowDestroy: false,
      upstream: {},
      feeds: {},
      views: {},
      below: {},
      connection,
    }),
    new SqlCatalog("catalog", { objects: { t: "table" }, allowDestroy: [], connection }),
    new GeneratedFile("file", { path: ".steamline/closure-test.txt", content: "x" }),
    new Password("password", "test"),
    new ClusterShape("shape", { controllers: 1, brokers: ["localhost:1"] }),
    new NodeInSync("in-sync", { node: 1, containerId: "a", brokers: ["localhost:1"] }),
    new ClusterFormed("formed", { containerIds: ["a"], brokers: ["localhost:1"] }),
    new WarehouseShape("warehouse", { shards: 1, replicas: 2, connection }),
    new ServerPlace("place", { shard: 1, replica: 2, replicaName: "clickhouse-1-2", connection }),
    new ServerInSync("server", { host: "clickhouse", containerId: "a", connection }),
    new CertificateAuthority("authority", "test"),
    new Certificate("certificate", {
      authority: { certificate: "c", key: "k" },
      commonName: "kafka",
    }),
    new KafkaEndpoint("endpoint", { brokers: "localhost:1" }, 1),
    new ClickHouseClaim("claim", { stack: "s", connection, reader: connection, collections: [] }),
    new StoredRows("rows", { tables: ["t"], connection }),
    new OffsetReset("reset", { resetId: "again", goal: "earliest", connection }, {}),
  ];
  await Promise.all(resources.map((r) => new Promise((done) => r.urn.apply(done))));
});

const provider = (type: string) => {
  const text = caught.get(`pulumi-nodejs:dynamic/${type}`);
  if (text === undefined) throw new Error(`no provider of ${type} was registered`);
  return reload(text);
};

describe("every dynamic provider's text in the state", () => {
  it("is there for each of the sixteen resources", () => {
    expect([...caught.keys()].sort()).toEqual([
      "pulumi-nodejs:dynamic/clickhouse:SqlCatalog",
      "pulumi-nodejs:dynamic/clickhouse:SqlObject",
      "pulumi-nodejs:dynamic/steamline:Certificate",
      "pulumi-nodejs:dynamic/steamline:CertificateAuthority",
      "pulumi-nodejs:dynamic/steamline:ClickHouseClaim",
      "pulumi-nodejs:dynamic/steamline:ClickHouseInSync",
      "pulumi-nodejs:dynamic/steamline:ClickHousePlace",
      "pulumi-nodejs:dynamic/steamline:ClickHouseShape",
      "pulumi-nodejs:dynamic/steamline:GeneratedFile",
      "pulumi-nodejs:dynamic/steamline:KafkaClusterFormed",
      "pulumi-nodejs:dynamic/steamline:KafkaClusterShape",
      "pulumi-nodejs:dynamic/steamline:KafkaEndpoint",
      "pulumi-nodejs:dynamic/steamline:KafkaNodeInSync",
      "pulumi-nodejs:dynamic/steamline:OffsetReset",
      "pulumi-nodejs:dynamic/steamline:Password",
      "pulumi-nodejs:dynamic/steamline:StoredRows",
    ]);
  });

  it("is one line that names no path of this machine and holds no credential", () => {
    for (const [type, text] of caught) {
      expect(text, type).toMatch(
        /^exports\.handler = \(\) => require\("@steamline\/dynamic"\)\.\w+;$/,
      );
    }
  });
});

interface CreatedFile {
  id: string;
  outs: object;
}

describe("GeneratedFile, reloaded", () => {
  const path = ".steamline/closure-test.txt";
  const full = join(checkout, path);

  it("writes, reads, sees drift, updates and deletes its file", async () => {
    const file = provider("steamline:GeneratedFile");
    const { id, outs } = (await file.create({ path, content: "one" })) as CreatedFile;
    expect(readFileSync(full, "utf8")).toBe("one");
    expect(await file.diff?.(id, outs, { path, content: "one" })).toMatchObject({ changes: false });
    expect(await file.diff?.(id, outs, { path, content: "two" })).toMatchObject({ changes: true });
    await file.update?.(id, outs, { path, content: "two" });
    expect(await file.read?.(id, outs)).toMatchObject({ props: { content: "two" } });
    await file.delete?.(id, outs);
    expect(existsSync(full)).toBe(false);
    expect(await file.read?.(id, outs)).toEqual({});
    await file.delete?.(id, outs);
    rmSync(full, { force: true });
  });
});

describe("KafkaClusterShape, reloaded", () => {
  const brokers = ["localhost:1", "localhost:2", "localhost:3", "localhost:4"];
  const four = { controllers: 3, brokers };
  const failuresOf = async (olds: object, news: object) => {
    const checked = (await provider("steamline:KafkaClusterShape").check?.(olds, news)) as {
      failures: { reason: string }[];
    };
    return checked.failures.map(({ reason }) => reason);
  };

  it("takes any cluster at first, and more brokers later", async () => {
    expect(await failuresOf({}, four)).toEqual([]);
    expect(await failuresOf({ ...four, brokers: brokers.slice(0, 3) }, four)).toEqual([]);
  });

  it("refuses another number of nodes that vote, in both directions", async () => {
    const one = { controllers: 1, brokers: brokers.slice(0, 1) };
    expect(await failuresOf(one, four)).toEqual([expect.stringContaining("to 1 or 2, or make")]);
    expect(await failuresOf(four, one)).toEqual([expect.stringContaining("to 3 or more")]);
  });

  it("refuses fewer brokers where none tells what they hold", async () => {
    expect(await failuresOf(four, { ...four, brokers: brokers.slice(0, 3) })).toEqual([
      expect.stringMatching(/^no broker answers at localhost:1, localhost:2/),
    ]);
  });
});

describe("ClickHouse's providers of a cluster, reloaded", () => {
  const connection = { url: "http://localhost:1", username: "a", password: "b", database: "default" }; // prettier-ignore
  const shape = (shards: number) => ({ shards, replicas: 2, connection });

  it("refuse fewer shards where none tells what they hold, and take any at first", async () => {
    const check = provider("steamline:ClickHouseShape").check;
    const { failures } = (await check?.(shape(2), shape(1))) as { failures: object[] };
    expect(failures).toEqual([
      { property: "shards", reason: expect.stringMatching(/^no ClickHouse answers at/) as string },
    ]);
    expect(await check?.({}, shape(2))).toMatchObject({ failures: [] });
  });

  it("wait for a new server not, and for another container of it again", async () => {
    const inSync = provider("steamline:ClickHouseInSync");
    const state = { host: "clickhouse", containerId: "a", connection };
    expect(await inSync.create(state)).toMatchObject({ outs: state });
    expect(await inSync.diff?.("clickhouse", state, { ...state, containerId: "b" })).toMatchObject({ changes: true }); // prettier-ignore
    const place = provider("steamline:ClickHousePlace");
    expect(await place.diff?.("clickhouse", { connection }, { connection })).toMatchObject({ changes: false }); // prettier-ignore
  });
});

describe("KafkaNodeInSync, reloaded", () => {
  const state = { node: 1, containerId: "a", brokers: ["localhost:1", "localhost:2"] };

  it("waits again for another container, and not where no other node answers", async () => {
    const inSync = provider("steamline:KafkaNodeInSync");
    expect(await inSync.diff?.("node-1", state, state)).toMatchObject({ changes: false });
    const moved = { ...state, containerId: "b" };
    expect(await inSync.diff?.("node-1", state, moved)).toMatchObject({ changes: true });
    expect(await inSync.update?.("node-1", state, moved)).toEqual({ outs: moved });
  });
});

describe("Password, reloaded", () => {
  it("makes another password each time, and never changes one that is", async () => {
    const password = provider("steamline:Password");
    const make = async () => (await password.create({ purpose: "a" })).outs as { value: string };
    const [first, second] = [await make(), await make()];
    expect(first.value).toMatch(/^[\w-]{32}$/);
    expect(first.value).not.toBe(second.value);
    expect(await password.diff?.("a", first, { purpose: "b" })).toEqual({ changes: false });
  });
});

describe("KafkaEndpoint, reloaded", () => {
  it("says in a preview that nothing answers, where, and what to look at", async () => {
    const endpoint = provider("steamline:KafkaEndpoint");
    const access = { brokers: "localhost:1", tls: {} };
    const { failures } = (await endpoint.check?.({}, { access, replicas: 1 })) as {
      failures: object[];
    };
    expect(failures).toEqual([
      { property: "", reason: expect.stringMatching(/^the Kafka at localhost:1 \(kafkaExternal\) does not answer: .*ECONNREFUSED.* that it speaks TLS there\. Nothing was changed\.$/) as string }, // prettier-ignore
    ]);
  });
});

describe("Certificate, reloaded", () => {
  const DAY_MS = 86_400_000;
  const made = async (type: string, inputs: object) =>
    ((await provider(type).create(inputs)) as { outs: CertificateState }).outs;
  let authority: CertificateState;
  let certificate: CertificateState;
  beforeAll(async () => {
    authority = await made("steamline:CertificateAuthority", { commonName: "test" });
    const inputs = { authority, commonName: "kafka", hosts: ["kafka-2", "localhost"], days: 30 };
    certificate = await made("steamline:Certificate", inputs);
  });
  afterEach(() => void vi.useRealTimers());
  const diff = async (news: object) =>
    (await provider("steamline:Certificate").diff?.("kafka", certificate, news)) as {
      changes: boolean;
      replaces: string[];
    };

  it("is signed by its authority for its names and its days, and its key fits", () => {
    const read = new X509Certificate(certificate.certificate);
    expect(read.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(certificate.key))).toBe(true);
    expect(read.subject).toBe("CN=kafka");
    expect(read.checkHost("kafka-2")).toBe("kafka-2");
    expect(read.checkHost("kafka-3")).toBeUndefined();
    expect(read.ca).toBe(false);
    const days = (Date.parse(read.validTo) - Date.now()) / DAY_MS;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
  });

  it("stays in the first two thirds of its days, and is made anew in the last", async () => {
    const { authority: signer, commonName, hosts, days } = certificate;
    const inputs = { authority: signer, commonName, hosts, days };
    expect(await diff(inputs)).toMatchObject({ changes: false });
    vi.useFakeTimers({ now: Date.now() + 19 * DAY_MS, toFake: ["Date"] });
    expect(await diff(inputs)).toMatchObject({ changes: false });
    vi.setSystemTime(Date.now() + 2 * DAY_MS);
    expect(await diff(inputs)).toMatchObject({ changes: true, replaces: ["certificate"] });
  });

  it("is made anew for other names, and by another authority", async () => {
    expect(await diff({ ...certificate, hosts: ["kafka-3"] })).toMatchObject({ replaces: ["hosts"] }); // prettier-ignore
    const other = await made("steamline:CertificateAuthority", { commonName: "test" });
    expect(await diff({ ...certificate, authority: other })).toMatchObject({ replaces: ["authority"] }); // prettier-ignore
    expect(await provider("steamline:CertificateAuthority").diff?.("test", authority, {})).toEqual({ changes: false }); // prettier-ignore
  });
});
