import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { query } from "chdb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { renderSql } from "../../infra/clickhouse/render";
import { serve } from "../unit/pipeline/listen";
import { blocks, commands, follow } from "./adding-a-source";

const checkout = join(__dirname, "../..");

/** Runs a script in the copy, and gives what it prints. */
async function runIn(copy: string, script: string, env: Record<string, string>): Promise<string> {
  const args = ["--require", "tsx/cjs", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: copy,
    env: { PATH: process.env["PATH"], ...env },
  });
  return stdout;
}

describe("docs/adding-a-source.md, followed to the letter", () => {
  const copy = mkdtempSync(join(tmpdir(), "adding-a-source-"));
  beforeAll(() => {
    for (const directory of ["pipeline", "infra", "sql", "dashboards", "tools"])
      cpSync(join(checkout, directory), join(copy, directory), { recursive: true });
    for (const file of ["tsconfig.json", "package.json", "package-lock.json"])
      cpSync(join(checkout, file), join(copy, file));
    symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
    follow(copy);
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it("names the files that it makes and changes", () => {
    expect(commands).toEqual(["npm run generate"]);
    expect(blocks.map(({ file }) => file)).toEqual([
      "sql/city_weather.sql",
      "sql/kafka_city_weather.sql",
      "sql/city_weather_mv.sql",
      "sql/city_weather_dead_letters_mv.sql",
      "pipeline/source/city-weather.ts",
      "pipeline/source/index.ts",
      "pipeline/source/index.ts",
      "infra/sources.ts",
    ]);
  });

  it("makes code without a type error", async () => {
    const options = { compilerOptions: { noEmit: true }, include: ["pipeline"] };
    writeFileSync(
      join(copy, "tsconfig.check.json"),
      JSON.stringify({ extends: "./tsconfig.json", ...options }),
    );
    const tsc = join(checkout, "node_modules/typescript/bin/tsc");
    const check = promisify(execFile)(process.execPath, [tsc, "-p", "tsconfig.check.json"], {
      cwd: copy,
    });
    await expect(check).resolves.toMatchObject({ stdout: "" });
  }, 120_000);

  it("makes a source that polls", async () => {
    const url = await serve((request, response) => {
      const latitude = new URL(request.url ?? "", "http://x").searchParams.get("latitude");
      const current = { temperature_2m: Number(latitude), wind_speed_10m: 7.5 };
      response.end(JSON.stringify({ current }));
    });
    const script = `
      const { readOptions } = require("./pipeline/options");
      const { HttpClient } = require("./pipeline/http/client");
      const http = new HttpClient({ timeoutMs: 1000 });
      const [source] = readOptions(process.env).makeSources(http);
      source.poll(new Date("2026-02-24T10:00:00Z"), new AbortController().signal)
        .then((snapshot) => console.log(JSON.stringify(snapshot)));`;
    const environment = {
      SOURCES: "city-weather",
      KAFKA_BROKERS: "kafka:29092",
      WEATHER_URL: url,
      WEATHER_CITIES: "Taipei:25.03:121.56",
      WEATHER_TOPIC: "city_weather_topic",
    };
    expect(JSON.parse(await runIn(copy, script, environment))).toEqual({
      source: "city-weather",
      topic: "city_weather_topic",
      fetchTime: "2026-02-24 10:00:00",
      records: [
        {
          city: "Taipei",
          temperature: 25.03,
          wind_speed: 7.5,
          fetch_time: "2026-02-24 10:00:00",
        },
      ],
      problems: [],
    });
  });

  it("makes SQL that the engine takes, with placeholders that the stack fills", async () => {
    const script = `
      const { furtherPlaceholders, furtherEnvironment, furtherTopics } = require("./infra/sources");
      console.log(JSON.stringify({
        placeholders: furtherPlaceholders("dev", []),
        environment: furtherEnvironment([]),
        topics: furtherTopics("pr-7", { partitions: 3 }),
      }));`;
    const made = JSON.parse(await runIn(copy, script, {})) as {
      placeholders: Record<string, string>;
      environment: Record<string, string>;
      topics: unknown;
    };
    expect(made.environment).toEqual({
      SOURCES: "steam-top-games,steam-game-details,city-weather",
      WEATHER_TOPIC: "city_weather_topic",
      WEATHER_CITIES: "Taipei:25.03:121.56,Berlin:52.52:13.41",
    });
    expect(made.topics).toEqual([
      { partitions: 3, resourceName: "city-weather-topic", topicName: "pr-7_city_weather_topic" },
    ]);
    const values = {
      ...made.placeholders,
      messageFormat: "JSONEachRow",
      flushIntervalMs: 500,
      ttlDays: 90,
    };
    const files = readCatalog(join(copy, "sql")).filter(({ name }) =>
      name.includes("city_weather"),
    );
    expect(files).toHaveLength(4);
    for (const { sql, file } of files) {
      const statement = renderSql(sql, values, file).replaceAll("'", "''");
      expect(query(`SELECT formatQuery('${statement.replace(/;\s*$/, "")}')`)).toContain(
        "city_weather",
      );
    }
  });
});
