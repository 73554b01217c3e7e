import { describe, expect, it } from "vitest";
import { stackNames, stackPorts } from "../../../infra/names";

describe("stackNames", () => {
  it("gives dev the guide's names", () => {
    expect(stackNames("dev")).toEqual({
      stack: "dev",
      network: "steamline-dev",
      containers: {
        kafka: "kafka",
        clickhouse: "clickhouse-server",
        grafana: "grafana",
        producer: "steam-producer",
        simulator: "steam-simulator",
      },
      volumes: {
        kafka: "steamline-dev-kafka",
        clickhouse: "steamline-dev-clickhouse",
        grafana: "steamline-dev-grafana",
        producerSpool: "steamline-dev-producer-spool",
      },
      topics: { topGames: "steam_top_games_topic", gameDetails: "steam_game_details_topic" },
      groups: {
        topGames: "clickhouse_steam_top_games_consumer",
        gameDetails: "clickhouse_steam_game_details_consumer",
      },
    });
  });

  it("shares no name between two stacks", () => {
    const flat = (value: unknown): string[] =>
      typeof value === "string" ? [value] : Object.values(value as object).flatMap(flat);
    const first = flat(stackNames("pr-1"));
    const second = flat(stackNames("dev"));
    expect(first.filter((name) => second.includes(name))).toEqual([]);
  });
});

describe("stackPorts", () => {
  it("gives dev each service's usual port", () => {
    expect(stackPorts("dev")).toEqual({
      kafka: 9092,
      clickhouse: 8123,
      clickhouseNative: 9000,
      grafana: 3000,
      producer: 9464,
    });
  });

  it("gives another stack a block of its own, the same each time", () => {
    const ports: number[] = Object.values({ ...stackPorts("staging") });
    expect(Object.values(stackPorts("staging"))).toEqual(ports);
    expect(new Set(ports).size).toBe(5);
    expect(Math.max(...ports) - Math.min(...ports)).toBe(4);
    expect(ports.every((port) => port >= 20_000 && port < 30_000)).toBe(true);
    expect(ports).not.toEqual(Object.values(stackPorts("staging-2")));
  });

  it("gives each of a thousand pull requests in a row ports that no other has", () => {
    const ports = Array.from({ length: 1000 }, (_, n) =>
      Object.values({ ...stackPorts(`pr-${n + 350}`) }),
    );
    expect(new Set(ports.flat()).size).toBe(5000);
    expect(ports.flat().every((port) => port >= 10_000 && port < 20_000)).toBe(true);
    expect(stackPorts("pr-1007")).toEqual(stackPorts("pr-7"));
  });
});
