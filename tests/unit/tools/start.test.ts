import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkout } from "../../../tools/lib/paths";

let dir: string;
const place = (...names: string[]) => join(dir, ...names);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "steamline-start-"));
  mkdirSync(place("tools"));
  mkdirSync(place("bin"));
  cpSync(join(checkout, "tools", "start.cjs"), place("tools", "start.cjs"));
  writeFileSync(
    place("tools", "cli.ts"),
    "exports.main = async (argv) => { console.log(`ran ${argv.join(' ')}`); return 7; };\n",
  );
  writeFileSync(place("package-lock.json"), JSON.stringify({ packages: {} }));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Puts an `npm` on PATH that counts its runs, and makes what is needed of node_modules. */
function installNpm(then: string) {
  const loader = "node_modules/tsx/dist/cjs";
  const script = [
    "#!/bin/sh",
    "echo run >> npm-runs",
    then,
    `mkdir -p ${loader} && : > ${loader}/index.cjs`,
    "echo '{\"packages\": {}}' > node_modules/.package-lock.json",
  ];
  writeFileSync(place("bin", "npm"), `${script.join("\n")}\n`);
  chmodSync(place("bin", "npm"), 0o755);
}
const env = () => ({ ...process.env, PATH: [place("bin"), process.env["PATH"]].join(delimiter) });
const runs = () => readFileSync(place("npm-runs"), "utf8").trim().split("\n").length;
const args = () => [place("tools", "start.cjs"), "status", "--json"];

describe("start.cjs on a fresh clone", () => {
  it("installs once for commands that start at once, and then no more", async () => {
    installNpm("sleep 0.3");
    const started = [1, 2, 3].map(() => spawn(process.execPath, args(), { env: env() }));
    const codes = await Promise.all(
      started.map(async (child) => ((await once(child, "close")) as [number])[0]),
    );
    expect(codes).toEqual([7, 7, 7]);
    expect(runs()).toBe(1);
    const again = spawnSync(process.execPath, args(), { env: env(), encoding: "utf8" });
    expect(again).toMatchObject({ status: 7, stdout: "ran status --json\n", stderr: "" });
    expect(runs()).toBe(1);
    expect(existsSync(place(".steamline", "install.lock"))).toBe(false);
  });

  it("takes over from an installation that was killed", () => {
    installNpm(":");
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    mkdirSync(place(".steamline"));
    writeFileSync(place(".steamline", "install.lock"), String(dead));
    expect(spawnSync(process.execPath, args(), { env: env() }).status).toBe(7);
    expect(runs()).toBe(1);
  });

  it("says what npm said and what to do where packages cannot be had, and tries again next time", () => {
    installNpm("echo 'npm error network' >&2; exit 1");
    const failed = spawnSync(process.execPath, args(), { env: env(), encoding: "utf8" });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/npm error network\nerror: npm ci failed[^]*\n {2}do: {4}check/);
    installNpm(":");
    expect(spawnSync(process.execPath, args(), { env: env() }).status).toBe(7);
  });
});
