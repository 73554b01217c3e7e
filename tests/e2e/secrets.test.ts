import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { upLog } from "./setup";
import { checkout, docker, outputs, query, stack } from "./steamline";

let secrets: string[];
let containers: string[];

beforeAll(async () => {
  const out = await outputs();
  const passphrase = readFileSync(join(checkout, ".steamline", "passphrase"), "utf8").trim();
  secrets = [out["adminPassword"] ?? "", out["readerPassword"] ?? "", passphrase];
  const listed = await docker("ps", "-q", "--filter", `label=steamline.stack=${stack}`);
  containers = listed.split("\n").filter((id) => id !== "");
});

const holding = (text: string) => secrets.filter((secret) => text.includes(secret)).length;

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("no secret stands in clear", () => {
  it("has secrets to look for", () => {
    expect(secrets.map((secret) => secret.length >= 24)).toEqual([true, true, true]);
    expect(containers.length).toBeGreaterThanOrEqual(3);
  });

  it("in the state, its history and backups", () => {
    const files = filesBelow(join(checkout, ".steamline", "state"));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => holding(readFileSync(file, "utf8")) > 0)).toEqual([]);
  });

  it("in settings and merged config", () => {
    const files = ["settings", "config"].flatMap((name) =>
      filesBelow(join(checkout, ".steamline", name)),
    );
    expect(files.filter((file) => holding(readFileSync(file, "utf8")) > 0)).toEqual([]);
  });

  it("in what up printed", () => {
    expect(holding(readFileSync(upLog, "utf8"))).toBe(0);
  });

  it("in docker inspect and container logs", async () => {
    for (const id of containers) {
      expect(holding(await docker("inspect", id)), id).toBe(0);
      expect(holding(await docker("logs", "--tail", "5000", id)), id).toBe(0);
    }
  });

  it("in DDL, named collections or the query log", async () => {
    const places = [
      "SELECT create_table_query FROM system.tables WHERE database = 'default'",
      "SELECT toString(collection) FROM system.named_collections",
      "SELECT query FROM system.query_log",
    ];
    for (const place of places) expect(holding(await query(place, "admin")), place).toBe(0);
  });

  it("in the process list", () => {
    const commands = execFileSync("ps", ["-eo", "args", "-ww"], { encoding: "utf8" });
    expect(holding(commands)).toBe(0);
  });

  it("and the passphrase's file is its owner's alone", () => {
    const mode = execFileSync("stat", ["-c", "%a", join(checkout, ".steamline", "passphrase")], {
      encoding: "utf8",
    });
    expect(mode.trim()).toBe("600");
  });
});

describe("the reader", () => {
  it("reads the tables that hold rows", async () => {
    expect(Number(await query("SELECT count() FROM steam_top_games"))).toBeGreaterThan(0);
  });

  it.each([
    ["writes", "INSERT INTO steam_top_games (game_id) VALUES (1)"],
    ["drops", "DROP TABLE steam_top_games"],
    ["reads Kafka tables", "SELECT * FROM kafka_steam_top_games"],
    ["reads files", "SELECT * FROM file('/etc/passwd', 'LineAsString')"],
    ["reads other queries", "SELECT * FROM system.query_log"],
    ["takes another role", "SET ROLE admin"],
  ])("never %s", async (_what, sql) => {
    await expect(query(sql)).rejects.toThrow(/Code: \d+/);
  });

  it("does not get in with a wrong password", async () => {
    const out = await outputs();
    const answer = await fetch(`${out["clickhouseUrl"]}/?query=SELECT+1`, {
      headers: { "X-ClickHouse-User": "reader", "X-ClickHouse-Key": "wrong" },
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toMatch(/Code: 516\b/);
  });

  it("is asked for its password from outside the container", async () => {
    const out = await outputs();
    const answer = await fetch(`${out["clickhouseUrl"]}/?query=SELECT+1`);
    expect(answer.ok).toBe(false);
  });
});
