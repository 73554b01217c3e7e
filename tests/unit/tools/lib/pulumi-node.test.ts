import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

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
});
