import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neededParts } from "../../../../tools/setup/toolchain";
import { linkPlugins, pluginProgram, userHome } from "../../../../tools/setup/toolchain/home";
import {
  installedCli,
  isNewEnough,
  missingPlugins,
} from "../../../../tools/setup/toolchain/installed";
import { downloadCli, downloadedCli, releaseUrl } from "../../../../tools/setup/toolchain/release";
import { toolVersions } from "../../../../tools/setup/versions";

const versions = toolVersions();
const progress = {
  step: <T>(_title: string, work: (say: () => void) => Promise<T>) => work(() => undefined),
  note: () => undefined,
};
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "steamline-toolchain-"));
  process.env["STEAMLINE_CACHE"] = join(root, "cache");
});
afterEach(() => {
  delete process.env["STEAMLINE_CACHE"];
  rmSync(root, { recursive: true, force: true });
});

function program(directory: string, name: string, script: string): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

describe("installedCli", () => {
  const calls = () => readFileSync(join(root, "calls"), "utf8").trim().split("\n").length;
  const install = (directory: string) =>
    program(directory, "pulumi", `echo called >> ${root}/calls; echo v3.250.0`);

  it("asks the CLI on PATH for its version once, until it changes", async () => {
    const bin = join(root, "bin");
    const pulumi = install(bin);
    program(bin, "pulumi-language-nodejs", "");
    const env = { PATH: `/nowhere:${bin}` };
    expect(await installedCli(env)).toEqual({ pulumi, version: "3.250.0" });
    expect(await installedCli(env)).toEqual({ pulumi, version: "3.250.0" });
    expect(calls()).toBe(1);
    appendFileSync(pulumi, "# newer\n");
    await installedCli(env);
    expect(calls()).toBe(2);
  });

  it("leaves aside one without the Node.js host, and those of the cache", async () => {
    const bin = join(root, "bin");
    install(bin);
    expect(await installedCli({ PATH: bin })).toBeUndefined();
    const own = join(root, "cache", "toolchain", "x", "bin");
    install(own);
    program(own, "pulumi-language-nodejs", "");
    expect(await installedCli({ PATH: own })).toBeUndefined();
  });

  it("leaves aside one that is broken", async () => {
    const bin = join(root, "bin");
    program(bin, "pulumi", "exit 1");
    program(bin, "pulumi-language-nodejs", "");
    expect(await installedCli({ PATH: bin })).toBeUndefined();
  });
});

describe("what is missing", () => {
  it("compares the CLI with the oldest one that will do", () => {
    expect(isNewEnough({ pulumi: "", version: versions.oldestCli }, versions)).toBe(true);
    expect(isNewEnough({ pulumi: "", version: "3.100.0" }, versions)).toBe(false);
  });

  it("looks for plugins where Pulumi's plugin manager keeps them", () => {
    const env = { PULUMI_HOME: root };
    expect(missingPlugins(versions, env).map(({ name }) => name)).toEqual(["docker", "kafka"]);
    const docker = pluginProgram(root, { name: "docker", version: versions.docker });
    program(join(docker, ".."), "pulumi-resource-docker", "");
    expect(missingPlugins(versions, env).map(({ name }) => name)).toEqual(["kafka"]);
    writeFileSync(join(docker, "..", "..", `resource-docker-v${versions.docker}.partial`), "");
    expect(missingPlugins(versions, env).map(({ name }) => name)).toEqual(["docker", "kafka"]);
  });

  it("builds plugins alone where there is a CLI", () => {
    expect(neededParts(versions, undefined)).toHaveLength(4);
    const parts = neededParts(versions, { pulumi: "/x", version: "3.250.0" });
    expect(parts.map((part) => part.program)).toEqual([
      "pulumi-resource-docker",
      "pulumi-resource-kafka",
    ]);
  });
});

describe("linkPlugins", () => {
  it("shows plugins to the plugin manager, follows new builds, and keeps the user logged in", () => {
    const plugin = { name: "docker", version: "5.2.0" } as const;
    const home = join(root, "home");
    const link = (target: string) => linkPlugins([plugin], () => target, { HOME: "/u" }, home);
    expect(link("/one")).toEqual({ PULUMI_HOME: home, PULUMI_CREDENTIALS_PATH: "/u/.pulumi" });
    expect(readlinkSync(pluginProgram(home, plugin))).toBe("/one");
    link("/two");
    expect(readlinkSync(pluginProgram(home, plugin))).toBe("/two");
  });

  it("leaves Pulumi no place for logs that nobody reads, and leaves one alone that somebody made", () => {
    const [plain, asked] = [join(root, "plain"), join(root, "asked")];
    linkPlugins([], () => "", { HOME: "/u" }, plain);
    expect(statSync(join(plain, "logs")).isFile()).toBe(true);
    linkPlugins([], () => "", { HOME: "/u" }, plain);
    mkdirSync(join(asked, "logs"), { recursive: true });
    linkPlugins([], () => "", { HOME: "/u" }, asked);
    expect(statSync(join(asked, "logs")).isDirectory()).toBe(true);
  });

  it("knows the user's home from its own", () => {
    expect(userHome({ HOME: "/u" })).toBe("/u/.pulumi");
    expect(userHome({ HOME: "/u", PULUMI_HOME: "/p" })).toBe("/p");
    const own = linkPlugins([], () => "", { HOME: "/u", PULUMI_HOME: "/p" });
    expect(own["PULUMI_CREDENTIALS_PATH"]).toBe("/p");
    expect(userHome({ ...own, HOME: "/u" })).toBe("/p");
  });
});

describe("a release", () => {
  it("has Pulumi's own name for each platform", () => {
    expect(releaseUrl("3.259.0", "linux", "x64")).toMatch(
      /\/pulumi-v3\.259\.0-linux-x64\.tar\.gz$/,
    );
    expect(releaseUrl("3.259.0", "darwin", "arm64")).toMatch(/-darwin-arm64\.tar\.gz$/);
  });

  it("is downloaded once and unpacked; one that breaks off leaves nothing", async () => {
    program(join(root, "pulumi"), "pulumi", "echo v1.2.3");
    execFileSync("tar", ["-czf", join(root, "release"), "-C", root, "pulumi"]);
    const body = readFileSync(join(root, "release"));
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      if (request.url === "/broken") return response.end(body.subarray(0, 40));
      return response.end(body);
    }).listen(0, "127.0.0.1");
    await new Promise((ready) => server.once("listening", ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(downloadCli("1.2.3", progress, `${url}/broken`)).rejects.toThrow("unpacked");
    expect(downloadedCli("1.2.3")).toBeUndefined();
    const cli = await downloadCli("1.2.3", progress, `${url}/whole`);
    expect(execFileSync(cli.pulumi).toString()).toBe("v1.2.3\n");
    expect(await downloadCli("1.2.3", progress, `${url}/whole`)).toEqual(downloadedCli("1.2.3"));
    expect(asked).toBe(2);
    server.close();
  });
});
