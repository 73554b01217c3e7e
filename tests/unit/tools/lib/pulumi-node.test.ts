import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const checkout = join(__dirname, "../../../..");
const preloaded = join(checkout, "tools/lib/pulumi-node.cjs");

/** What `program` prints as JSON, in a Node process such as Pulumi starts. */
function inPulumisNode(program: string, env: NodeJS.ProcessEnv = {}): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", preloaded, "-e", program], {
    cwd: checkout,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const loaded = `Object.keys(require.cache).filter((file) => /node_modules.(typescript|@npmcli.arborist)./.test(file)).length`;

describe("a Node process that Pulumi starts", () => {
  it("loads the SDK without a compiler and without npm's resolver", () => {
    const program = `require("@pulumi/pulumi"); console.log(${loaded})`;
    expect(inPulumisNode(program)).toBe(0);
  });

  it("loads both when a function has to be put into words, as a user's own provider may ask", () => {
    const program = `require("@pulumi/pulumi").runtime.serializeFunction(() => 42).then(({ text }) => console.log(JSON.stringify({ runs: text.includes("42"), loaded: ${loaded} > 0 })))`;
    expect(inPulumisNode(program)).toEqual({ runs: true, loaded: true });
  });

  it("words no stack trace for each promise, unless asked to", () => {
    const program = `require("@pulumi/pulumi"); const made = Promise.resolve(); require("@pulumi/pulumi/runtime/debuggable").debuggablePromise(made); console.log(made._debugStackTrace.includes("at "))`;
    expect(inPulumisNode(program)).toBe(false);
    expect(inPulumisNode(program, { PULUMI_DEBUG_PROMISE_LEAKS: "1" })).toBe(true);
  });

  it("keeps the stack traces of errors", () => {
    const program = `require("@pulumi/pulumi").output(1); console.log(new Error("x").stack.includes("at "))`;
    expect(inPulumisNode(program)).toBe(true);
  });

  it("loads the clients of Kafka and ClickHouse when they are called, and then whole", () => {
    const clients = `Object.keys(require.cache).filter((file) => /node_modules.(kafkajs|@clickhouse)./.test(file)).length`;
    const program = `const kafka = require("kafkajs"), { createClient } = require("@clickhouse/client"); console.log(JSON.stringify([typeof kafka.Kafka, kafka.logLevel.NOTHING, typeof kafka.default.Kafka, typeof createClient, ${clients} > 0]))`;
    expect(inPulumisNode(program)).toEqual(["function", 0, "function", "function", true]);
    expect(
      inPulumisNode(`require("kafkajs"), require("@clickhouse/client"); console.log(${clients})`),
    ).toBe(0);
  });

  it("runs npm, as `pulumi new` and the commands below a session do", () => {
    const env = { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(preloaded)}` };
    const args = ["ls", "--json", "--depth=0", "kafkajs"];
    const { stdout, stderr } = spawnSync("npm", args, { cwd: checkout, encoding: "utf8", env });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ dependencies: { kafkajs: {} } });
  });

  it("puts a function that captures others into the same words as the bare SDK", () => {
    const program = `const path = require("node:path"); const lower = (text) => text.toLowerCase(); require("@pulumi/pulumi").runtime.serializeFunction(() => lower(path.join("A", "B"))).then(({ text }) => console.log(JSON.stringify(text)))`;
    const bare = spawnSync(process.execPath, ["-e", program], { cwd: checkout, encoding: "utf8" });
    expect(inPulumisNode(program)).toBe(JSON.parse(bare.stdout));
  });
});

describe("the process that runs the program", () => {
  let directory = "";
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("names the line of an error as it is written, not as it is compiled", () => {
    directory = mkdtempSync(join(tmpdir(), "steamline-lines-"));
    const run = join(directory, "cmd", "run");
    mkdirSync(run, { recursive: true });
    // As the SDK does before it runs a program.
    const mapping = JSON.stringify(require.resolve("source-map-support/register"));
    writeFileSync(join(run, "index.js"), `require(${mapping});\nrequire("./program.ts");\n`);
    writeFileSync(
      join(run, "program.ts"),
      'interface Unused {\n  a: 1;\n}\n\nexport const fail = (): Unused => {\n  throw new Error("boom");\n};\nfail();\n',
    );
    const { stderr } = spawnSync(
      process.execPath,
      ["--require", preloaded, join(run, "index.js")],
      { cwd: checkout, encoding: "utf8" },
    );
    expect(stderr).toContain("program.ts:6:9");
    expect(stderr).toContain("program.ts:8:1");
  });
});
