import { describe, expect, it } from "vitest";
import { readPulumiCall, withConfigFile } from "../../../../tools/lib/pulumi-arguments";

const call = (line: string) => readPulumiCall(line.split(" "));
const given = (line: string) => {
  const argv = line.split(" ");
  return withConfigFile(argv, readPulumiCall(argv), "F").join(" ");
};

describe("readPulumiCall", () => {
  it.each(["up", "preview", "refresh", "destroy", "up --yes", "-s dev preview --diff", "import"])(
    "knows that %j runs the program",
    (line) => {
      expect(call(line)).toMatchObject({
        runsProgram: true,
        takesConfigFile: true,
        writesConfig: false,
      });
    },
  );

  it.each([
    "config set ttlDays 30",
    "config rm ttlDays",
    "--stack x config set a b",
    "cfg set a b",
  ])("knows that %j writes config", (line) => {
    expect(call(line)).toMatchObject({
      runsProgram: false,
      takesConfigFile: true,
      writesConfig: true,
    });
  });

  it.each(["config", "config get ttlDays", "logs"])("knows that %j reads config", (line) => {
    expect(call(line)).toMatchObject({ takesConfigFile: true, writesConfig: false });
  });

  it.each(["stack output --json", "version", "stack ls", "cancel", "whoami", "--version"])(
    "knows that %j has nothing to do with config",
    (line) => {
      expect(call(line)).toMatchObject({ runsProgram: false, takesConfigFile: false });
    },
  );

  it("leaves a config file alone that the caller named, and runs nothing for help", () => {
    expect(call("up --config-file mine.yaml").takesConfigFile).toBe(false);
    expect(call("up --config-file=mine.yaml").takesConfigFile).toBe(false);
    expect(call("up --help")).toMatchObject({ takesConfigFile: false, runsProgram: false });
  });

  it.each([
    ["up --stack pr-1", "pr-1"],
    ["-s pr-1 up", "pr-1"],
    ["up --stack=pr-1", "pr-1"],
    ["up", undefined],
    ["config set a -- --stack", undefined],
  ])("finds the stack of %j", (line, stack) => {
    expect(call(line).stack).toBe(stack);
  });
});

describe("withConfigFile", () => {
  it.each([
    ["up --yes", "up --config-file F --yes"],
    ["config set a b", "config set --config-file F a b"],
    ["config set a -- -1", "config set --config-file F a -- -1"],
    ["config --json", "config --config-file F --json"],
    ["-s dev preview --diff", "-s dev preview --config-file F --diff"],
    ["-s preview preview", "-s preview preview --config-file F"],
    ["--stack config config set a b", "--stack config config set --config-file F a b"],
    ["import type name id", "import --config-file F type name id"],
  ])("turns %j into %j", (line, expected) => {
    expect(given(line)).toBe(expected);
  });
});
