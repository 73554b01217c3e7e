import { createServer } from "node:http";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineEnv, refuseSilent } from "../../../../tools/lib/engines";

describe("the environment of programs that use a host's engine", () => {
  const given = {
    PATH: "/bin",
    DOCKER_CONTEXT: "desktop",
    DOCKER_CERT_PATH: "/certs",
    DOCKER_TLS: "1",
  };

  it("leads to that engine, whatever the user's own leads to", () => {
    expect(engineEnv(given, "ssh://ops@a", "/tls")).toEqual({
      PATH: "/bin",
      DOCKER_HOST: "ssh://ops@a",
    });
  });

  it("has it speak TLS over TCP", () => {
    expect(engineEnv(given, "tcp://a:2376", "/tls")).toEqual({
      PATH: "/bin",
      DOCKER_HOST: "tcp://a:2376",
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: "/tls",
    });
  });
});

describe("refuseSilent", () => {
  it("names each host whose engine does not answer", async () => {
    const directory = mkdtempSync(join(tmpdir(), "steamline-engines-"));
    const socket = join(directory, "docker.sock");
    const server = createServer((_, response) => response.end("OK")).listen(socket);
    await once(server, "listening");
    const engine = (address: string, path: string) => ({
      name: `the Docker engine of ${address}`,
      address,
      endpoint: `unix://${path}`,
      env: {},
    });
    try {
      const answers = engine("10.0.0.1", socket);
      const session = { stack: "wide", env: {} };
      await refuseSilent(session, [answers]);
      const silent = engine("10.0.0.2", join(directory, "none.sock"));
      await expect(refuseSilent(session, [answers, silent])).rejects.toMatchObject({
        code: "DOCKER",
        message: expect.stringMatching(
          /^the Docker engine of 10\.0\.0\.2 does not answer: /,
        ) as string,
        more: { where: "hosts in the config of the stack wide" },
      });
    } finally {
      server.close();
      rmSync(directory, { recursive: true });
    }
  });
});
