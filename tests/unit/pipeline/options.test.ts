import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../pipeline/errors";
import { readOptions } from "../../../pipeline/options";

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
    expect(readOptions(needed)).toMatchObject({
      source: "steam",
      steamApiUrl: "https://api.steampowered.com",
      kafkaBrokers: ["kafka:29092"],
      pollIntervalSeconds: 60,
      statusPort: 9464,
    });
  });

  it("names every variable that is not set", () => {
    expect(faultsOf({}).map((fault) => fault.split(" ")[0])).toEqual([
      "KAFKA_BROKERS",
      "TOP_GAMES_TOPIC",
      "GAME_DETAILS_TOPIC",
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
    expect(faults.join("\n")).toMatch(/STEAM_API_KEY_FILE: "\/nowhere\/key" cannot be read/);
  });

  it("counts an empty variable as absent", () => {
    expect(readOptions({ ...needed, POLL_INTERVAL_SECONDS: "" }).pollIntervalSeconds).toBe(60);
  });

  it("takes several brokers", () => {
    expect(readOptions({ ...needed, KAFKA_BROKERS: "a:1, b:2" }).kafkaBrokers).toEqual([
      "a:1",
      "b:2",
    ]);
  });

  it("reads the key from its file, without the line's end", () => {
    const environment = { ...needed, STEAM_API_KEY_FILE: fileWith("0123ABCD\n") };
    expect(readOptions(environment).steamApiKey).toBe("0123ABCD");
  });

  it("never shows what a secret's file holds", () => {
    const [fault] = faultsOf({ ...needed, STEAM_API_KEY_FILE: fileWith("top secret") });
    expect(fault).toMatch(/holds more than one word/);
    expect(fault).not.toMatch(/top secret/);
  });
});
