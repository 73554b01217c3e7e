import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decide, type Situation } from "../../../../tools/setup/docker/decide";
import { DEFAULT_HOST, findHost } from "../../../../tools/setup/docker/host";
import { ping } from "../../../../tools/setup/docker/ping";
import { enginePid } from "../../../../tools/setup/docker/start";
import { judgeDocker } from "../../../../tools/setup/examine/docker";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "steamline-docker-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const absent = { answers: false, kind: "absent", reason: "connect ENOENT" } as const;
const bare: Situation = {
  host: DEFAULT_HOST,
  chosenBy: undefined,
  pong: absent,
  hasClient: false,
  hasEngine: false,
  isRoot: false,
  canInstall: false,
};

describe("decide", () => {
  it.each<[string, Partial<Situation>, string]>([
    ["an engine that answers", { pong: { answers: true }, hasClient: true }, "use"],
    ["one that answers, no client", { pong: { answers: true }, canInstall: true }, "install"],
    ["no client, and no right", { pong: { answers: true } }, "refuse"],
    ["installed and stopped, as root", { hasClient: true, hasEngine: true, isRoot: true }, "start"],
    ["installed and stopped, not root", { hasClient: true, hasEngine: true }, "refuse"],
    ["nothing, on Debian as root", { isRoot: true, canInstall: true }, "install"],
    ["a client only, on Debian as root", { hasClient: true, canInstall: true }, "install"],
    ["nothing, and no right", {}, "refuse"],
    ["a host the user chose", { chosenBy: "DOCKER_HOST", canInstall: true }, "refuse"],
    ["one that hangs", { pong: { ...absent, kind: "silent" }, canInstall: true }, "refuse"],
    ["no right to its socket", { pong: { ...absent, kind: "forbidden" } }, "refuse"],
  ])("%s", (_name, more, expected) => {
    const decision = decide({ ...bare, ...more });
    expect(decision.do).toBe(expected);
    expect(judgeDocker(decision, bare.host).ok).toBe(expected !== "refuse");
  });

  it("names the address the user chose, and what to do", () => {
    const host = "unix:///nowhere/docker.sock";
    const decision = decide({ ...bare, host, chosenBy: "DOCKER_HOST" });
    expect(decision).toMatchObject({
      error: { code: "DOCKER", more: { where: "DOCKER_HOST", fix: expect.any(String) as string } },
    });
    if (decision.do === "refuse") expect(decision.error.message).toContain(host);
  });
});

describe("findHost", () => {
  it("takes DOCKER_HOST, else the context, else the default socket", () => {
    const name = createHash("sha256").update("lab").digest("hex");
    mkdirSync(join(root, "contexts", "meta", name), { recursive: true });
    writeFileSync(
      join(root, "contexts", "meta", name, "meta.json"),
      JSON.stringify({ Endpoints: { docker: { Host: "tcp://lab:2375" } } }),
    );
    const env = { DOCKER_CONFIG: root };
    expect(findHost(env)).toEqual({ host: DEFAULT_HOST, chosenBy: undefined });
    writeFileSync(join(root, "config.json"), JSON.stringify({ currentContext: "lab" }));
    expect(findHost(env)).toEqual({ host: "tcp://lab:2375", chosenBy: "Docker's context lab" });
    expect(findHost({ ...env, DOCKER_CONTEXT: "default" }).host).toBe(DEFAULT_HOST);
    expect(findHost({ ...env, DOCKER_HOST: "tcp://x:1" }).chosenBy).toBe("DOCKER_HOST");
    writeFileSync(join(root, "config.json"), "{ damaged");
    expect(findHost(env).host).toBe(DEFAULT_HOST);
  });
});

describe("ping", () => {
  const serve = async (status: number, work: (host: string) => Promise<void>) => {
    const socket = join(root, "docker.sock");
    const server = createServer((_request, response) => response.writeHead(status).end("OK"));
    await new Promise<void>((ready) => server.listen(socket, ready));
    await work(`unix://${socket}`);
    await new Promise((closed) => server.close(closed));
  };

  it("tells an engine from one that is absent or broken", async () => {
    await serve(200, async (host) => expect(await ping(host)).toEqual({ answers: true }));
    await serve(500, async (host) => {
      expect(await ping(host)).toMatchObject({ answers: false, kind: "silent" });
    });
    expect(await ping(`unix://${root}/absent.sock`)).toMatchObject({ kind: "absent" });
    expect(await ping("tcp://127.0.0.1:1", {})).toMatchObject({ kind: "absent" });
  });
});

describe("enginePid", () => {
  it("is not fooled by a file that a killed engine left", () => {
    const file = join(root, "docker.pid");
    expect(enginePid(file)).toBeUndefined();
    writeFileSync(file, "99999999");
    expect(enginePid(file)).toBeUndefined();
    writeFileSync(file, String(process.pid));
    expect(enginePid(file)).toBeUndefined();
  });
});
