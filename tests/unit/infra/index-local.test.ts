import { beforeAll, describe, expect, it } from "vitest";
import { allDashboards } from "../../../dashboards";
import { stackPorts } from "../../../infra/names";
import { CONTAINER, containerInputs, local, ofType, runProgram } from "./program";
import { checkout } from "../../../tools/lib/paths";
import { named, type Recorded } from "./recorder";

// A file of its own: the scratch engine makes Kafka tables once in a process, for one program.
describe("the program on local images with a simulated source", () => {
  let recorded: Recorded[];
  let outputs: Record<string, unknown>;
  beforeAll(async () => {
    ({ recorded, outputs } = await runProgram("pr-7", { ...local, protectData: "true" }));
  });

  it("has a simulator in Grafana's stead, and says so", () => {
    expect(ofType(recorded, CONTAINER).sort()).toEqual([
      "broker-container",
      "producer-container",
      "simulator-container",
      "warehouse-container",
    ]);
    expect(outputs).toMatchObject({
      source: "simulated",
      clickhouseEngine: "embedded",
      grafanaUrl: "",
      grafanaNote: expect.stringMatching(/^Not running: /) as string,
      grafanaPassword: "",
      protectData: true,
    });
  });

  it("says nowhere which checkout it is in, so that another one sees no change", () => {
    expect(recorded.filter(({ inputs }) => JSON.stringify(inputs).includes(checkout))).toEqual([]);
  });

  it("writes the dashboards all the same", () => {
    const files = recorded.filter(({ type }) => type.endsWith(":GeneratedFile"));
    expect(files.map(({ inputs }) => inputs["path"])).toEqual(
      allDashboards().map(({ fileName }) => `.steamline/pr-7/dashboards/${fileName}`),
    );
    for (const { inputs } of files) JSON.parse(inputs["content"] as string);
  });

  it("sends the producer to the simulator for the ranking and the store alike", () => {
    const { envs } = named(recorded, "producer-container").inputs as { envs: string[] };
    expect(envs).toContain("SOURCE=simulated");
    expect(envs).toContain("STEAM_API_URL=http://steam-simulator:8080");
    expect(envs).toContain("STEAM_STORE_URL=http://steam-simulator:8080");
  });

  it("runs the pipeline's image in both", () => {
    const image = (name: string) => named(recorded, name).inputs["image"];
    expect(image("producer-container")).toBe("sha256:producer-image");
    expect(image("simulator-container")).toBe("sha256:producer-image");
  });

  it("takes names and ports of its own for all that dev has", () => {
    const ports = stackPorts("pr-7");
    const published = containerInputs(recorded).map(({ name, ports }) => [
      name,
      ports.map((p) => p.external),
    ]);
    expect(Object.fromEntries(published)).toEqual({
      "pr-7-kafka": [ports.kafka],
      "pr-7-clickhouse-server": [ports.clickhouse],
      "pr-7-steam-producer": [ports.producer],
      "pr-7-steam-simulator": [],
    });
    expect(named(recorded, "network-bridge").inputs["name"]).toBe("steamline-pr-7");
    expect(outputs).toMatchObject({
      topGamesTopic: "pr-7_steam_top_games_topic",
      topGamesGroup: "pr-7_clickhouse_steam_top_games_consumer",
      kafkaBootstrapServers: `localhost:${ports.kafka}`,
    });
    const { statement } = named(recorded, "kafka_steam_top_games").inputs as { statement: string };
    expect(statement).toContain("pr-7_steam_top_games_topic");
    expect(statement).toContain("pr-7_clickhouse_steam_top_games_consumer");
  });
});
