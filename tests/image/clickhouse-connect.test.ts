import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMIN, Door, READER } from "./door";

const VERSION = "1.12.0";
const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
const venv = join(cache, "steamline", `clickhouse-connect-${VERSION}`);
const python = join(venv, "bin", "python");
const script = join(__dirname, "clickhouse_connect_check.py");

/** Puts the package into an environment of its own, once. @returns why it cannot, if so. */
function install(): string | undefined {
  if (existsSync(python)) return undefined;
  const making = `${venv}.${process.pid}`;
  try {
    mkdirSync(join(cache, "steamline"), { recursive: true });
    execFileSync("python3", ["-m", "venv", making], { stdio: "pipe" });
    const pip = ["-m", "pip", "install", "--quiet", `clickhouse-connect==${VERSION}`];
    execFileSync(join(making, "bin", "python"), pip, { stdio: "pipe" });
    renameSync(making, venv);
    return undefined;
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    return error instanceof Error ? error.message : String(error);
  }
}

const door = new Door();
const missing = install();
beforeAll(() => door.start());
afterAll(() => door.remove());

it("serves clickhouse-connect", ({ skip }) => {
  if (missing !== undefined) return skip(`pip cannot install clickhouse-connect: ${missing}`);
  const output = execFileSync(python, [script], {
    encoding: "utf8",
    env: {
      ...process.env,
      // Zstandard came to Node with version 22.15.
      WITH_ZSTD: "createZstdDecompress" in zlib ? "1" : "",
      DOOR_PORT: String(door.port),
      ADMIN_PASSWORD: ADMIN.password,
      READER_PASSWORD: READER.password,
    },
  });
  expect(output.trim()).toMatch(/all \d+ checks passed$/);
});
