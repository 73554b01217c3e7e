import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { copyTracked, setUpNames } from "../../bench/lib/project";
import { docker, leftovers, npm, start, type Finished } from "../e2e/steamline";
import { follow } from "../sql/adding-a-source";

const root = mkdtempSync(join(tmpdir(), "steamline-new-"));
const template = join(root, "template");
const project = join(root, "city-weather");
const stack = "stacks-new";
let weather: Server;

/** The files of `directory`, without those that come with running. */
const filesOf = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((name) => !/^(node_modules|\.steamline)\//.test(name))
    .sort();

const without = (map: unknown, key: string) =>
  Object.fromEntries(Object.entries(map as object).filter(([name]) => name !== key));

/** A shell that knows nothing of this checkout, in which `npm test` set up much already. */
const shell = Object.fromEntries(setUpNames().map((name) => [name, undefined]));

/** `npm run COMMAND -- ARGS` in the new project, which has to succeed. */
async function inProject(command: string, ...args: string[]): Promise<Finished> {
  const words = ["run", "-s", command, "--", ...args];
  const finished = await start("npm", words, shell, project).finished;
  expect(finished.code, finished.stdout + finished.stderr).toBe(0);
  return finished;
}

function pulumiNew(directory: string, name: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const given = ["new", template, "--dir", directory, "--name", name, "--description", "Weather"];
  return npm("pulumi", [...given, "--yes", ...args], env);
}

/** Answers as Open-Meteo's forecast does; a city's temperature is its latitude. */
async function serveWeather(): Promise<string> {
  weather = createServer((request, response) => {
    const latitude = new URL(request.url ?? "", "http://x").searchParams.get("latitude");
    const current = { temperature_2m: Number(latitude), wind_speed_10m: 7.5 };
    response.end(JSON.stringify({ current }));
  });
  await new Promise<void>((done) => weather.listen(0, "0.0.0.0", done));
  // This machine by an address that containers reach.
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const host = addresses.find(({ internal, family }) => !internal && family === "IPv4");
  return `http://${host?.address}:${(weather.address() as AddressInfo).port}`;
}

beforeAll(() => copyTracked(template));

afterAll(async () => {
  weather?.close();
  await start("npm", ["run", "-s", "destroy", "--", "--stack", stack], shell, project).finished;
  rmSync(root, { recursive: true, force: true });
});

describe("pulumi new with this repository as its template", () => {
  it("makes a project of another name, and changes nothing else", async () => {
    const printed = await pulumiNew(project, "city-weather", ["--generate-only"]);
    expect(printed.code, printed.stdout + printed.stderr).toBe(0);
    expect(printed.stdout).toContain("npm run up -- --stack NAME");
    expect(filesOf(project)).toEqual(filesOf(template));
    const [old, own] = [template, project].map((directory) =>
      filesOf(directory)
        .filter((file) => file !== "Pulumi.yaml")
        .map((file) => readFileSync(join(directory, file), "utf8")),
    );
    expect(own).toEqual(old);
    const read = (directory: string) =>
      parse(readFileSync(join(directory, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    const made = read(project);
    expect(made).toEqual({
      ...without(read(template), "template"),
      name: "city-weather",
      description: "Weather",
      config: made["config"],
    });
    expect(without(made["config"], "pulumi:tags")).toEqual(read(template)["config"]);
  });

  it("keeps the answers to its questions, and the defaults of those not answered", async () => {
    const directory = join(root, "answers");
    mkdirSync(join(root, "state"));
    const env = {
      PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "sesame",
      // What npm would do here is what every other command does first.
      npm_config_dry_run: "true",
    };
    const args = ["--stack", stack, "-c", "partitions=2"];
    const made = await pulumiNew(directory, "answers", args, env);
    expect(made.stdout).toContain("Saved config");
    const file = readFileSync(join(directory, `Pulumi.${stack}.yaml`), "utf8");
    expect((parse(file) as { config: unknown }).config).toEqual({
      "answers:partitions": "2",
      "answers:pollIntervalSeconds": "60",
      "answers:protectData": "false",
      "answers:ttlDays": "90",
    });
  });
});

describe("a pipeline from another API, as docs/adding-a-source.md makes it in the new project", () => {
  it("comes up, and has the API's answers as rows", async () => {
    const url = await serveWeather();
    follow(project);
    const sources = join(project, "infra", "sources.ts");
    const before = readFileSync(sources, "utf8");
    const own = `environment: { WEATHER_URL: "${url}", WEATHER_INTERVAL_SECONDS: "5", `;
    writeFileSync(sources, before.replace("environment: { ", own));
    expect(readFileSync(sources, "utf8")).not.toBe(before);

    await inProject("up", "--stack", stack);
    const select = `SELECT DISTINCT city, temperature, wind_speed FROM city_weather ORDER BY city FORMAT CSV`;
    const ask = ["exec", `${stack}-clickhouse-server`, "clickhouse-client", "--query", select];
    let rows = await docker(...ask);
    for (let i = 0; i < 30 && rows === ""; i += 1) {
      await sleep(1_000);
      rows = await docker(...ask);
    }
    expect(rows.trim()).toBe('"Berlin",52.52,7.5\n"Taipei",25.03,7.5');
    expect(existsSync(join(project, ".steamline", "state"))).toBe(true);
    await inProject("preview", "--stack", stack, "--expect-no-changes");
    const { stdout } = await inProject("status", "--stack", stack, "--json");
    const { hops } = JSON.parse(stdout) as { hops: { name: string }[] };
    expect(hops.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        `topic ${stack}_city_weather_topic`,
        `group ${stack}_clickhouse_city_weather_consumer`,
        "Kafka table kafka_city_weather",
        "view city_weather_mv",
        "table city_weather",
      ]),
    );
  });

  it("goes without a trace", async () => {
    await inProject("destroy", "--stack", stack);
    expect(await leftovers(stack)).toEqual([]);
  });
});
