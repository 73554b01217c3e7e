import { describe, expect, it } from "vitest";
import type { Preview } from "../../../../../tools/lib/markdown";
import { checkPolicy, isRefused, rules, subjectsOf } from "../../../../../tools/lib/policy/check";
import { isProduction } from "../../../../../tools/lib/production";
import type { Subject } from "../../../../../tools/lib/policy/rule";

const CONTAINER = "docker:index/container:Container";
const IMAGE = "docker:index/remoteImage:RemoteImage";
const VOLUME = "docker:index/volume:Volume";
const TOPIC = "kafka:index/topic:Topic";
const PROTOCOLS = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP";
const SECRET = "correct-horse-battery";
const DIGEST = `@sha256:${"0".repeat(64)}`;

const subject = (type: string, inputs: object, protect = false): Subject => ({
  name: "it",
  type,
  protect,
  inputs: inputs as Subject["inputs"],
});
const container = (inputs: object) => subject(CONTAINER, { memory: 512, ...inputs });
const topic = (replicationFactor: number, inSync: string) =>
  subject(TOPIC, { replicationFactor, config: { "min.insync.replicas": inSync } });
const found = (one: Subject, production = true) =>
  checkPolicy([one], { stack: "prod", production, secrets: [SECRET] });

/** Of each rule, what it refuses, with the place and the value it has to name, and what it lets pass. */
const cases: [rule: string, bad: [Subject, where: string, value: RegExp][], good: Subject[]][] = [
  [
    "loopback-ports",
    [
      [container({ ports: [{ internal: 1, external: 9092 }] }), "ports[0].ip", /9092 on every/],
      [container({ ports: [{ external: 80, ip: "0.0.0.0" }] }), "ports[0].ip", /80 on 0\.0\.0\.0/],
      [container({ networkMode: "host" }), "networkMode", /^host/],
    ],
    [container({ ports: [{ external: 9092, ip: "127.0.0.1" }] }), container({})],
  ],
  [
    "pinned-images",
    [
      [subject(IMAGE, { name: "apache/kafka:latest" }), "name", /whatever came last/],
      [subject(IMAGE, { name: "apache/kafka" }), "name", /has no tag/],
      [subject(IMAGE, { name: "node:22-slim" }), "name", /22-slim is no exact version/],
      [subject(IMAGE, { name: "a:1.2.3", build: { buildArgs: { NODE_IMAGE: "node" } } }), "build.buildArgs.NODE_IMAGE", /node has no tag/], // prettier-ignore
    ],
    [
      subject(IMAGE, { name: `apache/kafka:latest${DIGEST}` }),
      subject(IMAGE, { name: `apache/kafka:4.1.2${DIGEST}` }),
      subject(IMAGE, { name: "steamline/kafka:4.1.2-58745ab332bf" }),
      container({ image: `sha256:${"0".repeat(64)}` }),
    ],
  ],
  [
    "memory-limits",
    [
      [subject(CONTAINER, {}), "memory", /no limit/],
      [subject(CONTAINER, { memory: 0 }), "memory", /0, which is no limit/],
    ],
    [container({})],
  ],
  [
    "hidden-secrets",
    [
      [container({ command: ["--pass", SECRET] }), "command[1]", /secret of this stack/],
      [container({ envs: ["KAFKA_PASSWORD=hunter2"] }), "envs[0]", /what KAFKA_PASSWORD is set to/],
      [subject("x", { apiKey: "abcdef" }), "apiKey", /what apiKey is set to/],
      [subject("x", { url: "https://me:hunter2@host/" }), "url", /an address with a password/],
      [subject("x", { key: "-----BEGIN PRIVATE KEY-----" }), "key", /a private key/],
    ],
    [
      container({ envs: ["KAFKA_PASSWORD_FILE=/run/secrets/kafka", "PASSWORD=/run/secrets/it"] }),
      subject("x", { password: "[secret]", text: "the password is asked for" }),
    ],
  ],
  [
    "replication",
    [
      [topic(1, "2"), "replicationFactor", /^1$/],
      [topic(3, "1"), 'config["min.insync.replicas"]', /^1$/],
      [container({ envs: ["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=1"] }), "envs[0]", /=1$/],
    ],
    [topic(3, "2"), container({ envs: ["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=3"] })],
  ],
  [
    "protected-data",
    [[subject(VOLUME, { name: "steamline-prod-kafka" }), "protect", /steamline-prod-kafka is not/]],
    [
      subject(VOLUME, { name: "steamline-prod-kafka" }, true),
      subject(VOLUME, { name: "steamline-prod-grafana" }),
    ],
  ],
  [
    "kafka-clients",
    [
      [container({ envs: [`${PROTOCOLS}=INTERNAL:PLAINTEXT,LOCAL:SSL`] }), "envs[0]", /INTERNAL is PLAINTEXT/], // prettier-ignore
      [container({ envs: ["A=b", `${PROTOCOLS}=INTERNAL:SASL_PLAINTEXT`] }), "envs[1]", /INTERNAL is SASL_PLAINTEXT/], // prettier-ignore
      [container({ envs: [`${PROTOCOLS}=PROBE:PLAINTEXT`, "KAFKA_LISTENERS=PROBE://:9091"] }), "envs[0]", /PROBE is PLAINTEXT/], // prettier-ignore
    ],
    [
      container({ envs: [`${PROTOCOLS}=INTERNAL:SASL_SSL,EXTERNAL:SSL`] }),
      container({ envs: [`${PROTOCOLS}=PROBE:PLAINTEXT`, "KAFKA_LISTENERS=PROBE://127.0.0.1:9091"] }), // prettier-ignore
      container({ envs: ["UNRELATED=1"] }),
    ],
  ],
  [
    "image-digests",
    [[subject(IMAGE, { name: "apache/kafka:4.1.2" }), "name", /has a tag only/]],
    [
      subject(IMAGE, { name: `apache/kafka:4.1.2${DIGEST}` }),
      subject(IMAGE, { name: "steamline/kafka:4.1.2-58745ab332bf" }),
    ],
  ],
];

describe("the policy", () => {
  it("has examples of every rule here", () => {
    expect(cases.map(([name]) => name)).toEqual(rules.map(({ name }) => name));
  });

  describe.each(cases)("%s", (name, bad, good) => {
    it.each(bad)(
      "refuses example %#, by place and value, and says what to do",
      (one, where, value) => {
        const [violation, ...more] = found(one).filter(({ rule }) => rule === name);
        expect(more).toEqual([]);
        expect(violation).toMatchObject({ resource: "it", type: one.type, where });
        expect(violation?.value).toMatch(value);
        expect(violation?.fix).not.toBe("");
      },
    );

    it("lets pass what keeps it", () => {
      for (const one of good) expect(found(one).filter(({ rule }) => rule === name)).toEqual([]);
    });
  });

  it("lets ports be published on the addresses of the hosts that config names, and on no other", () => {
    const hosts = "kafka,clickhouse,pipeline ssh://ops@a 10.0.0.1";
    const config: Subject = { ...subject("steamline:config", { "steamline:hosts": hosts }), name: "config" }; // prettier-ignore
    const on = (ip: string) =>
      checkPolicy([config, container({ ports: [{ external: 9092, ip }] })], {
        stack: "dev",
        production: false,
        secrets: [],
      }).map(({ rule }) => rule);
    expect(on("10.0.0.1")).toEqual([]);
    expect(on("10.0.0.2")).toEqual(["loopback-ports"]);
  });

  it("never shows a secret that it found", () => {
    const all = cases.flatMap(([, bad]) => bad.flatMap(([one]) => found(one)));
    expect(JSON.stringify(all)).not.toMatch(new RegExp(`${SECRET}|hunter2`));
  });

  it("holds only stacks of production to the rules for production", () => {
    expect(found(topic(1, "1"), false)).toEqual([]);
    expect(["prod", "prod-eu", "production", "dev", "pr-7"].filter(isProduction)).toEqual([
      "prod",
      "prod-eu",
    ]);
  });

  it("refuses for a mandatory rule, and only tells of an advisory one", () => {
    expect(isRefused(found(topic(1, "1")))).toBe(true);
    const advisory = found(subject(IMAGE, { name: "apache/kafka:4.1.2" }));
    expect(advisory.map(({ level }) => level)).toEqual(["advisory"]);
    expect(isRefused(advisory)).toBe(false);
  });

  it("looks at each resource as it will be, and at config", () => {
    const step = (op: string, name: string, inputs: object) => ({
      op,
      urn: `urn:pulumi:prod::steamline::${TOPIC}::${name}`,
      newState: { type: TOPIC, protect: true, inputs },
    });
    const preview = {
      config: { "steamline:source": "steam" },
      steps: [
        step("replace", "top", { partitions: 1 }),
        step("create-replacement", "top", { partitions: 3 }),
        step("delete", "old", {}),
      ],
    } as Preview;
    expect(subjectsOf(preview)).toEqual([
      { name: "config", type: "steamline:config", protect: false, inputs: preview.config },
      { name: "top", type: TOPIC, protect: true, inputs: { partitions: 3 } },
    ]);
  });
});
