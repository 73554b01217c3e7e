import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { PipelineError } from "../../../pipeline/errors";
import { HttpClient } from "../../../pipeline/http/client";
import { readOptions, variableNames } from "../../../pipeline/options";

const needed = {
  KAFKA_BROKERS: "kafka:29092",
  TOP_GAMES_TOPIC: "top",
  GAME_DETAILS_TOPIC: "details",
};

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readOptions(environment);
  } catch (error) {
    if (error instanceof PipelineError) return error.faults;
    throw error;
  }
  return [];
}

function fileWith(content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "secret-")), "key");
  writeFileSync(file, content);
  return file;
}

describe("readOptions", () => {
  it("asks for the brokers and the topics, and has a default for everything else", () => {
    expect(readOptions(needed).options).toMatchObject({
      source: "steam",
      sources: [{ name: "steam-top-games" }, { name: "steam-game-details" }],
      kafka: { format: "JSONEachRow", partitioner: "murmur2", compression: "none", maxInFlight: 5 },
      spoolMaxBytes: 67_108_864,
      statusPort: 9464,
    });
  });

  it("names every variable that is not set", () => {
    expect(faultsOf({}).map((fault) => fault.split(" ")[0])).toEqual([
      "TOP_GAMES_TOPIC",
      "GAME_DETAILS_TOPIC",
      "KAFKA_BROKERS",
    ]);
  });

  it("reports all faults at once, each with the value and what is allowed", () => {
    const faults = faultsOf({
      ...needed,
      SOURCE: "twitch",
      KAFKA_BROKERS: "kafka",
      POLL_INTERVAL_SECONDS: "0",
      STEAM_API_URL: "api.steampowered.com",
      STEAM_API_KEY_FILE: "/nowhere/key",
    });
    expect(faults).toHaveLength(5);
    expect(faults).toContain('SOURCE: "twitch" is not allowed. Allowed: steam or simulated.');
    expect(faults.join("\n")).toMatch(
      /POLL_INTERVAL_SECONDS: "0" .* a whole number from 1 to 3600/,
    );
    expect(faults.join("\n")).toMatch(
      /STEAM_API_KEY_FILE: "\/nowhere\/key" is not allowed.*no such file/,
    );
  });

  it("counts an empty variable as absent", () => {
    expect(readOptions({ ...needed, LOG_LEVEL: "" }).options.logLevel).toBe("info");
  });

  it("takes several brokers", () => {
    const { kafka } = readOptions({ ...needed, KAFKA_BROKERS: "a:1, b:2" }).options;
    expect(kafka.cluster.brokers).toEqual(["a:1", "b:2"]);
  });

  it("asks for what the chosen sources need only, and names those there are", () => {
    const less = { ...needed, GAME_DETAILS_TOPIC: "" };
    expect(readOptions({ ...less, SOURCES: "steam-top-games" }).options.sources).toHaveLength(1);
    expect(faultsOf({ ...needed, SOURCES: "steam-top-games,twitch" })).toEqual([
      'SOURCES: "steam-top-games,twitch" is not allowed. Allowed: steam-top-games, steam-game-details, several parted by commas.',
    ]);
  });

  it("makes the chosen sources, the first of them first", () => {
    const http = new HttpClient({ timeoutMs: 100 });
    onTestFinished(() => http.close());
    const made = readOptions(needed).makeSources(http);
    expect(made.map(({ name, topic }) => [name, topic])).toEqual([
      ["steam-top-games", "top"],
      ["steam-game-details", "details"],
    ]);
  });

  it("reads Kafka's password from its file, without the line's end", () => {
    const { kafka } = readOptions({
      ...needed,
      KAFKA_SASL_MECHANISM: "scram-sha-512",
      KAFKA_SASL_USERNAME: "producer",
      KAFKA_SASL_PASSWORD_FILE: fileWith("0123ABCD\n"),
    }).options;
    expect(kafka.cluster.sasl).toEqual({
      mechanism: "scram-sha-512",
      username: "producer",
      password: "0123ABCD",
    });
  });

  it("wants a name and a password where it is to log in", () => {
    expect(faultsOf({ ...needed, KAFKA_SASL_MECHANISM: "plain" })).toEqual([
      "KAFKA_SASL_MECHANISM: needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE beside it.",
    ]);
  });

  it("never shows what a secret's file holds", () => {
    const [fault] = faultsOf({ ...needed, STEAM_API_KEY_FILE: fileWith("top secret") });
    expect(fault).toMatch(/this one holds something else/);
    expect(fault).not.toMatch(/top secret/);
  });
});

describe("docs/producer.md", () => {
  it("lists every variable there is, and no other", () => {
    const page = readFileSync(join(__dirname, "../../../docs/producer.md"), "utf8");
    const listed = [...page.matchAll(/^\| `([A-Z0-9_]+)` /gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...variableNames].sort());
  });
});
