import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../../infra/config";
import { readers } from "../../../infra/config-keys";
import { createAuthority } from "../../../infra/dynamic/certificates";
import { ConfigError } from "../../../infra/settings";

interface ProjectKey {
  type: string;
  default?: unknown;
  description?: string;
}
const project = parse(readFileSync(join(__dirname, "../../../Pulumi.yaml"), "utf8")) as {
  config: Record<string, ProjectKey>;
};
const defaults = Object.fromEntries(
  Object.entries(project.config).map(([key, { default: value }]) => [key, String(value)]),
);

function faultsOf(overrides: Record<string, string>, stack = "dev"): readonly string[] {
  try {
    parseConfig(stack, { ...defaults, ...overrides });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("Pulumi.yaml", () => {
  it("describes, types and defaults every key that the program reads, and no other", () => {
    expect(Object.keys(project.config).sort()).toEqual(Object.keys(readers).sort());
    for (const [key, entry] of Object.entries(project.config)) {
      expect(entry, key).toMatchObject({
        type: expect.stringMatching(/^(string|integer|number|boolean)$/) as string,
        description: expect.stringMatching(/\.$/) as string,
        default: expect.anything() as unknown,
      });
    }
  });
});

describe("parseConfig", () => {
  it("takes the defaults as they stand", () => {
    expect(faultsOf({})).toEqual([]);
    const config = parseConfig("dev", defaults);
    expect(config).toMatchObject({ partitions: 3, clickhouseEngine: "server", source: "steam" });
    expect(config.ports.kafka).toBe(9092);
    expect(config.grafanaAbsent).toBeUndefined();
  });

  it("follows the image source to the embedded engine, and says that Grafana is not there", () => {
    const images = {
      kafkaImage: "steamline/kafka:1",
      clickhouseImage: "steamline/clickhouse:1",
      nodeImage: "steamline/node:1",
    };
    const config = parseConfig("dev", { ...defaults, imageSource: "local", ...images });
    expect(config.clickhouseEngine).toBe("embedded");
    expect(config.images.kafka).toBe("steamline/kafka:1");
    expect(config.grafanaAbsent).toMatch(/official image/);
  });

  it("reports every fault at once, by key, with the value and what is allowed", () => {
    const faults = faultsOf({
      partitions: "many",
      replicationFactor: "3",
      retentionHours: "0",
      simulatorFaultPercent: "200",
      grafana: "yes",
      imageSource: "cloud",
      kafkaPort: "8123",
      kafkaImage: "Not An Image",
      partitons: "3",
    });
    expect(faults).toEqual([
      "partitons: no such key. Did you mean partitions?",
      'imageSource: "cloud" is not allowed. Allowed: registry or local.',
      'simulatorFaultPercent: "200" is not allowed. Allowed: a whole number from 0 to 100.',
      'partitions: "many" is not allowed. Allowed: a whole number from 1 to 1000.',
      'retentionHours: "0" is not allowed. Allowed: a whole number from 1 to 87600.',
      'grafana: "yes" is not allowed. Allowed: true or false.',
      'kafkaImage: "Not An Image" is not allowed. Allowed: empty, or an image as name:tag, optionally with @sha256:digest.',
      "kafkaPort and clickhousePort: both are 8123. Allowed: a port of its own for each.",
      "replicationFactor: 3 is more than the 1 broker of this stack. Allowed: 1 to 1.",
    ]);
  });

  it("allows as many replicas as there are brokers, which have a port each", () => {
    expect(faultsOf({ brokers: "3", replicationFactor: "3" })).toEqual([]);
    expect(faultsOf({ brokers: "2", replicationFactor: "3" })).toEqual([
      "replicationFactor: 3 is more than the 2 brokers of this stack. Allowed: 1 to 2.",
    ]);
    expect(faultsOf({ brokers: "7" })).toEqual([
      'brokers: "7" is not allowed. Allowed: a whole number from 1 to 6.',
    ]);
    expect(faultsOf({ brokers: "3", producerPort: "9097" })).toEqual([
      "producerPort and the port of broker 2: both are 9097. Allowed: a port of its own for each.",
    ]);
  });

  it("takes an authority only for what it would sign, and never shows it", () => {
    const [fault] = faultsOf({ kafkaSecurity: "sasl_ssl", kafkaAuthority: "-----BEGIN nonsense" });
    expect(fault).toMatch(/^kafkaAuthority: its value \(secret\) is not allowed\. Allowed: empty, or an authority's/); // prettier-ignore
    expect(faultsOf({ kafkaSecurity: "tls" })).toEqual([
      'kafkaSecurity: "tls" is not allowed. Allowed: plaintext or sasl_ssl.',
    ]);
  });

  it("refuses an authority where nothing is signed", async () => {
    const { certificate, key } = await createAuthority({ commonName: "ours" });
    const kafkaAuthority = `${certificate}\n${key}`;
    expect(faultsOf({ kafkaSecurity: "sasl_ssl", kafkaAuthority })).toEqual([]);
    expect(faultsOf({ kafkaAuthority })).toEqual([
      "kafkaAuthority: nothing is signed while kafkaSecurity is plaintext. Allowed: empty, or kafkaSecurity sasl_ssl.",
    ]);
  });

  it("names the stack where it cannot name containers after it", () => {
    expect(faultsOf({}, "Team_A")[0]).toMatch(/^stack name: "Team_A" is not allowed/);
  });

  it("refuses the official server where there are no official images", () => {
    const faults = faultsOf({
      imageSource: "local",
      clickhouseEngine: "server",
      kafkaImage: "a:1",
      clickhouseImage: "b:1",
      nodeImage: "c:1",
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^clickhouseEngine: "server" needs the official image/);
  });

  it("refuses the embedded engine beside official images, unless an image of it is named", () => {
    const faults = faultsOf({ clickhouseEngine: "embedded" });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^clickhouseEngine: "embedded" has no official image/);
    expect(faultsOf({ clickhouseEngine: "embedded", clickhouseImage: "own/engine:1" })).toEqual([]);
  });

  it("says which images have to be built before a local stack", () => {
    expect(faultsOf({ imageSource: "local" }).map((fault) => fault.split(":")[0])).toEqual([
      "kafkaImage",
      "clickhouseImage",
      "nodeImage",
    ]);
  });
});
