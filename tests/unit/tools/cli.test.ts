import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkout } from "../../../tools/lib/paths";
import { run } from "./run-cli";

const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const own = Object.entries(scripts)
  .filter(([, script]) => script.startsWith("node tools/start.cjs "))
  .map(([name]) => name);

afterEach(() => vi.unstubAllEnvs());

describe("the commands", () => {
  it("are those of package.json, each with what it does", async () => {
    const { code, stdout } = await run();
    expect(code).toBe(2);
    const listed = stdout
      .split("\n")
      .flatMap((line) => /^npm run (\S+) +\S.+$/.exec(line)?.[1] ?? []);
    expect(listed.sort()).toEqual([...own].sort());
    expect((await run("--help")).code).toBe(0);
  });

  it.each(own.filter((name) => name !== "pulumi"))(
    "tell of %s with --help, and do nothing",
    async (name) => {
      const { code, stdout } = await run(name, "--help");
      expect(code).toBe(0);
      expect(stdout).toContain(name === "test" ? "usage: npm test" : `usage: npm run ${name}`);
      expect(stdout).toContain("exit codes: 0 done");
    },
  );

  it("are named to whoever asks for another", async () => {
    const { code, stderr } = await run("deploy");
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no command deploy[^]*up, preview, destroy/);
  });
});

describe("wrong use", () => {
  it.each([
    [["status", "--jsn"], "--jsn is not known here"],
    [["status", "--timeout", "soon"], '--timeout: "soon" is no whole number'],
    [["up", "--timeout", "0"], '--timeout: "0" is no whole number'],
    [["peek", "--from", "middle"], '--from: "middle" is not known'],
    [["up", "--stack", "../x"], '"../x" cannot be the name of a stack'],
    [["up", "--stack", "--yes"], "--stack needs a value"],
    [["test", "--project", "load"], "there is no test project load"],
    [["bench", "nothing"], "there is no measurement nothing"],
    [["comment"], "--file is needed"],
  ])("%j is told before anything is done", async (argv, words) => {
    const { code, stderr } = await run(...argv);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/\n {2}do: {4}\S/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  it("of a variable names the variable", async () => {
    vi.stubEnv("PULUMI_STACK", "a/b");
    const { code, stderr } = await run("destroy");
    expect(stderr).toMatch(/"a\/b" cannot be the name of a stack\n {2}where: PULUMI_STACK/);
    expect(code).toBe(2);
  });
});
