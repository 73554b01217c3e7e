import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = join(__dirname, "../../../../infra/images/kafka/bin");
const OF_OUR_OWN = ["kafka-command", "kafka-healthy", "kafka-when-room"];
const tools = readdirSync(bin).filter((name) => !OF_OUR_OWN.includes(name));

describe("Kafka's commands by their bare names", () => {
  // As the official image lays its scripts out; each tells how it was called.
  const kafka = mkdtempSync(join(tmpdir(), "kafka-"));
  beforeAll(() => {
    mkdirSync(join(kafka, "bin"));
    for (const tool of tools) {
      const script = join(kafka, "bin", `${tool}.sh`);
      writeFileSync(script, `#!/bin/sh\nprintf '%s\\n' ${tool} "$@"\n`);
      chmodSync(script, 0o755);
    }
  });
  afterAll(() => rmSync(kafka, { recursive: true }));

  const run = (tool: string, ...args: string[]) => {
    const { PATH, KAFKA_CLIENT_FILE } = process.env;
    const env = { PATH, KAFKA_DIR: kafka, ...(KAFKA_CLIENT_FILE ? { KAFKA_CLIENT_FILE } : {}) };
    const { status, stdout, stderr } = spawnSync(join(bin, tool), args, { env, encoding: "utf8" });
    return { status, stderr, called: stdout.split("\n").slice(0, -1) };
  };

  it.each(tools.filter((tool) => tool !== "kafka-run-class"))("%s runs its tool", (tool) => {
    expect(run(tool, "--x", "a b", "--bootstrap-server", "h:1").called).toEqual([
      tool,
      "--x",
      "a b",
      "--bootstrap-server",
      "h:1",
    ]);
  });

  it("take the class that Kafka 4 moved, and the option that it dropped", () => {
    const args = ["--broker-list", "localhost:9092", "--topic", "t"];
    expect(run("kafka-run-class", "kafka.tools.GetOffsetShell", ...args).called).toEqual([
      "kafka-get-offsets",
      "--bootstrap-server",
      "localhost:9092",
      "--topic",
      "t",
    ]);
    expect(run("kafka-console-producer", "--broker-list=h:1", "--topic", "t").called).toEqual([
      "kafka-console-producer",
      "--bootstrap-server=h:1",
      "--topic",
      "t",
    ]);
  });

  it("show the node's certificate where brokers ask for one, unless told something else", () => {
    const client = join(kafka, "client.properties");
    writeFileSync(client, "");
    process.env["KAFKA_CLIENT_FILE"] = client;
    const options = Object.fromEntries(
      tools
        .map((tool) => [tool, run(tool, "--x").called.find((word) => /config$/.test(word)) ?? ""])
        .filter(([, option]) => option !== "--command-config"),
    ) as Record<string, string>;
    expect(options).toEqual({
      "kafka-console-consumer": "--consumer.config",
      "kafka-console-producer": "--producer.config",
      "kafka-consumer-perf-test": "--consumer.config",
      "kafka-dump-log": "",
      "kafka-leader-election": "--admin.config",
      "kafka-producer-perf-test": "--producer.config",
      "kafka-run-class": "",
      "kafka-storage": "",
    });
    expect(run("kafka-topics", "--list").called).toEqual(["kafka-topics", "--list", "--command-config", client]); // prettier-ignore
    const own = ["kafka-topics", "--list", "--command-config", "mine"];
    expect(run("kafka-topics", ...own.slice(1)).called).toEqual(own);
    delete process.env["KAFKA_CLIENT_FILE"];
  });

  it("fill in the broker of the container where the guide leaves it out", () => {
    const { called } = run(
      "kafka-consumer-groups",
      "--reset-offsets",
      "--to-earliest",
      "--execute",
    );
    expect(called.slice(-2)).toEqual(["--bootstrap-server", "localhost:9092"]);
    expect(run("kafka-consumer-groups", "--help").called).toEqual([
      "kafka-consumer-groups",
      "--help",
    ]);
  });

  it("pass other classes on, and ask for one where none is named", () => {
    expect(run("kafka-run-class", "a.B", "--c").called).toEqual(["kafka-run-class", "a.B", "--c"]);
    const { status, stderr } = run("kafka-run-class");
    expect(status).toBe(2);
    expect(stderr).toContain("name a class");
  });
});
