import { createServer } from "node:net";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { stackPorts } from "../../../../infra/names";
import { checkPorts, listeningInode, wantedPorts } from "../../../../tools/lib/ports";
import { stubSession } from "./session-stub";
import { projectName } from "../../../../tools/lib/paths";

const own = projectName();

const content = (values: Record<string, unknown>) => ({
  config: Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${own}:${key}`, value]),
  ),
});

describe("wantedPorts", () => {
  it("are the stack's own where config names none", () => {
    expect(Object.fromEntries(wantedPorts("dev", content({})))).toEqual({
      kafkaPort: 9092,
      clickhousePort: 8123,
      producerPort: 9464,
      clickhouseNativePort: 9000,
      grafanaPort: 3000,
    });
    expect(wantedPorts("pr-1", content({})).get("kafkaPort")).toBe(stackPorts("pr-1").kafka);
  });

  it("leave out what the stack does not publish", () => {
    const keys = (values: Record<string, unknown>) => [
      ...wantedPorts("dev", content(values)).keys(),
    ];
    expect(keys({ imageSource: "local" })).toEqual(["kafkaPort", "clickhousePort", "producerPort"]);
    expect(keys({ imageSource: "local", grafanaImage: "grafana/grafana:12" })).toContain(
      "grafanaPort",
    );
    expect(keys({ grafana: false })).not.toContain("grafanaPort");
    expect(keys({ clickhouseEngine: "embedded" })).not.toContain("clickhouseNativePort");
  });

  it("take config's word, as a number or as text", () => {
    const ports = wantedPorts("dev", content({ kafkaPort: 19092, clickhousePort: "18123" }));
    expect([ports.get("kafkaPort"), ports.get("clickhousePort")]).toEqual([19092, 18123]);
  });
});

describe("listeningInode", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41871 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:2384 01 00000000:00000000 00:00000000 00000000     0        0 55555 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41999 1 0000000000000000 100 0 0 10 0
`;
  const table6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51234 1 0000000000000000 100 0 0 10 0
`;

  it("finds the socket that listens", () => {
    expect(listeningInode(table, 9092)).toBe("41871");
    expect(listeningInode(table, 80)).toBe("41999");
    expect(listeningInode(table6, 3000)).toBe("51234");
  });

  it("takes no connection for one", () => {
    expect(listeningInode(table, 8080)).toBeUndefined();
    expect(listeningInode("", 9092)).toBeUndefined();
  });
});

describe.runIf(process.platform === "linux")("checkPorts", () => {
  /** Runs `work` where `docker ps` prints `listed`, and a port of this process is taken. */
  async function withTakenPort(
    listed: (port: number) => string,
    work: (session: ReturnType<typeof stubSession>, port: number) => Promise<void>,
  ) {
    const dir = mkdtempSync(join(tmpdir(), "steamline-ports-"));
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    writeFileSync(join(dir, "listed"), listed(port));
    writeFileSync(join(dir, "docker"), `#!/bin/sh\ncat "${dir}/listed"\n`);
    chmodSync(join(dir, "docker"), 0o755);
    const path = process.env["PATH"];
    // A program is looked for on the PATH of the one that starts it.
    process.env["PATH"] = [dir, path].join(delimiter);
    try {
      await work(stubSession(undefined), port);
    } finally {
      process.env["PATH"] = path;
      server.close();
      rmSync(dir, { recursive: true, force: true });
    }
  }
  const free = { clickhousePort: 0, producerPort: 0, grafana: false, clickhouseEngine: "embedded" };
  const on = (port: number) => content({ ...free, kafkaPort: port });

  it("names the process that holds a port, and another to take", async () => {
    await withTakenPort(
      () => "",
      async (session, port) => {
        session.stack = "unit-ports";
        await expect(checkPorts(session, on(port))).rejects.toMatchObject({
          code: "PORT_IN_USE",
          message: expect.stringMatching(
            new RegExp(`port ${port} \\(kafkaPort\\) is in use by .+ \\(process ${process.pid}\\)`),
          ) as string,
          more: { fix: expect.stringContaining("config set kafkaPort") as string },
        });
      },
    );
  });

  it("names the container that holds a port", async () => {
    const line = (stack: string) => (port: number) =>
      ["1", "other", "running", "Up", `127.0.0.1:${port}->9092/tcp`, stack].join("\t");
    await withTakenPort(line(""), async (session, port) => {
      session.stack = "unit-ports";
      await expect(checkPorts(session, on(port))).rejects.toThrow("in use by the container other");
    });
    await withTakenPort(line("pr-7"), async (session, port) => {
      session.stack = "unit-ports";
      await expect(checkPorts(session, on(port))).rejects.toMatchObject({
        message: expect.stringContaining("the container other of the stack pr-7") as string,
        more: { where: expect.stringContaining("the stack unit-ports") as string },
      });
    });
    await withTakenPort(line("unit-ports"), async (session, port) => {
      session.stack = "unit-ports";
      await expect(checkPorts(session, on(port))).resolves.toBeUndefined();
    });
  });
});
