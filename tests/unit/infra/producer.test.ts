import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { healthCheck, httpHealthCommand } from "../../../infra/health";
import { Producer, Simulator, type ProducerArgs } from "../../../infra/producer";
import { readOptions } from "../../../pipeline/options";
import { readSimulatorOptions } from "../../../pipeline/simulator/options";
import { clear, named, recordResources, settled, valueOf, type Recorded } from "./recorder";

const run = {
  stack: "test",
  networkName: "steamline-test",
  imageId: "sha256:producer",
  memoryMb: 256,
};
const args: ProducerArgs = {
  ...run,
  containerName: "test-steam-producer",
  source: "simulated",
  sourceUrl: "http://steam-simulator:8080",
  steamApiKey: "",
  spoolVolumeName: "steamline-test-producer-spool",
  spoolMaxMb: 32,
  messages: {
    messageFormat: "JSONEachRow",
    messageCompression: "zstd",
    recordsPerMessage: 10,
    transactions: false,
  },
  kafka: { servers: pulumi.output("kafka:29092") },
  topics: { topGames: "top", gameDetails: "details" },
  pollIntervalSeconds: 30,
  detailsIntervalSeconds: 7200,
  port: 20_004,
};

interface ContainerInputs {
  envs: string[];
  [input: string]: unknown;
}

/** Declares what `make` makes, and gives all resources. */
async function declare(make: () => unknown): Promise<Recorded[]> {
  const recorded = await recordResources();
  make();
  await settled(recorded);
  return recorded;
}

function environmentOf(recorded: readonly Recorded[], name: string): Record<string, string> {
  const { envs } = named(recorded, name).inputs as ContainerInputs;
  return Object.fromEntries(
    envs.map((entry) => {
      const split = entry.indexOf("=");
      return [entry.slice(0, split), entry.slice(split + 1)];
    }),
  );
}

describe("Producer", () => {
  let recorded: Recorded[];
  let producer: Producer;
  beforeAll(async () => {
    recorded = await declare(() => (producer = new Producer("producer", args)));
  });

  it("runs without rights on a root file system that it cannot write to", () => {
    expect(named(recorded, "producer-container").inputs).toMatchObject({
      name: "test-steam-producer",
      command: ["node", "/app/producer.js"],
      user: "10001:10001",
      readOnly: true,
      memory: 256,
      memorySwap: 256,
      ports: [{ internal: 9464, external: 20_004, ip: "127.0.0.1" }],
      healthcheck: healthCheck(httpHealthCommand(9464, "/healthz")),
    });
  });

  it("is told by an environment that the producer itself accepts", () => {
    const environment = environmentOf(recorded, "producer-container");
    expect(readOptions(environment).options).toMatchObject({
      source: "simulated",
      kafka: {
        cluster: { brokers: ["kafka:29092"] },
        format: "JSONEachRow",
        compression: "zstd",
        recordsPerMessage: 10,
      },
      spoolDirectory: "/var/lib/steamline/spool",
      spoolMaxBytes: 32 * 1_048_576,
      statusPort: 9464,
    });
    expect(environment).toMatchObject({
      STEAM_API_URL: "http://steam-simulator:8080",
      STEAM_STORE_URL: "http://steam-simulator:8080",
      TOP_GAMES_TOPIC: "top",
      GAME_DETAILS_TOPIC: "details",
      POLL_INTERVAL_SECONDS: "30",
      DETAILS_INTERVAL_SECONDS: "7200",
    });
  });

  it("says where its status page is", async () => {
    expect(await valueOf(producer.url)).toBe("http://localhost:20004");
  });

  it("asks Steam itself where no other address is given", async () => {
    const steam = { ...args, sourceUrl: undefined };
    const made = await declare(() => new Producer("producer", { ...steam, source: "steam" }));
    expect(environmentOf(made, "producer-container")).toMatchObject({
      STEAM_API_URL: "https://api.steampowered.com",
      STEAM_STORE_URL: "https://store.steampowered.com",
    });
  });

  it("keeps what waits for Kafka in a volume of its own", () => {
    expect(named(recorded, "producer-spool").inputs).toMatchObject({
      name: "steamline-test-producer-spool",
    });
    expect(named(recorded, "producer-container").inputs).toMatchObject({
      volumes: [
        {
          volumeName: "steamline-test-producer-spool",
          containerPath: "/var/lib/steamline/spool",
        },
      ],
    });
  });

  it("has a transactional id of its own where snapshots are sent in transactions", async () => {
    const messages = { ...args.messages, transactions: true };
    const made = await declare(() => new Producer("producer", { ...args, messages }));
    expect(environmentOf(made, "producer-container")["TRANSACTIONAL_ID"]).toBe(
      "test-steam-producer",
    );
    expect(environmentOf(recorded, "producer-container")["TRANSACTIONAL_ID"]).toBeUndefined();
  });

  it("gets the key as a file, and not as a variable", async () => {
    const made = await declare(
      () => new Producer("producer", { ...args, steamApiKey: "0123ABCD" }),
    );
    const container = named(made, "producer-container").inputs as ContainerInputs;
    expect(JSON.stringify(container.envs)).not.toContain("0123ABCD");
    expect(container.envs).toContain("STEAM_API_KEY_FILE=/run/secrets/steam-api-key");
    expect(clear(container)).toMatchObject({
      uploads: [{ file: "/run/secrets/steam-api-key", permissions: "0444" }],
      // Docker refuses to put a file into a container that is read-only.
      readOnly: false,
    });
  });
});

describe("Simulator", () => {
  it("is told by an environment that the simulator itself accepts", async () => {
    const recorded = await declare(
      () =>
        new Simulator("simulator", {
          ...run,
          containerName: "test-steam-simulator",
          seed: 7,
          faultPercent: 5,
        }),
    );
    expect(readSimulatorOptions(environmentOf(recorded, "simulator-container"))).toEqual({
      port: 8080,
      seed: 7,
      faultRate: 0.05,
      storeCallsPer5Minutes: 0,
    });
    expect(named(recorded, "simulator-container").inputs).toMatchObject({
      user: "10001:10001",
      readOnly: true,
      command: ["node", "/app/simulator.js"],
      healthcheck: healthCheck(httpHealthCommand(8080, "/healthz")),
    });
  });
});
