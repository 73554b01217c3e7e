import { describe, expect, it } from "vitest";
import {
  describeOptions,
  readArguments,
  stackOption,
  type Options,
} from "../../../../tools/lib/arguments";
import { UserError } from "../../../../tools/lib/user-error";

const options: Options = {
  ...stackOption,
  out: { type: "string", value: "FILE", description: "a file" },
  wait: { type: "boolean", description: "wait for it" },
  timeout: { type: "string", description: "seconds" },
};
const read = (line: string, passOn = true) =>
  readArguments(line === "" ? [] : line.split(" "), options, passOn);

describe("readArguments", () => {
  it.each([
    ["--stack pr-1", "pr-1"],
    ["--stack=pr-1", "pr-1"],
    ["-s pr-1", "pr-1"],
    ["-spr-1", "pr-1"],
    ["--stack a --stack b", "b"],
    ["", undefined],
  ])("takes %j as a value", (line, value) => {
    const args = read(line);
    expect(args.text("stack")).toBe(value);
    expect(args.rest).toEqual([]);
  });

  it("leaves what is not its own in the order given", () => {
    const args = read("--refresh --wait --target urn:a --stack x --parallel=4 -y");
    expect(args.flag("wait")).toBe(true);
    expect(args.rest).toEqual(["--refresh", "--target", "urn:a", "--parallel=4", "-y"]);
  });

  it("passes over the -- that npm and people put between", () => {
    expect(read("-- --refresh").rest).toEqual(["--refresh"]);
  });

  it.each(["--stack", "--stack=", "--out --wait", "-s -y"])("misses the value in %j", (line) => {
    expect(() => read(line)).toThrow(/needs a value/);
  });

  it("takes a value with a dash where it is tied on", () => {
    expect(read("--out=-").text("out")).toBe("-");
  });

  it("refuses unknown options where nothing takes them", () => {
    const call = () => read("--wait --jsn", false);
    expect(call).toThrow("--jsn is not known here");
    expect(call).toThrow(UserError);
  });

  it("is no flag where it is switched off", () => {
    const args = read("--wait=false");
    expect(args.flag("wait")).toBe(false);
    expect(args.rest).toEqual(["--wait=false"]);
  });

  it("counts in whole numbers", () => {
    expect(read("--timeout 30").count("timeout", 5)).toBe(30);
    expect(read("").count("timeout", 5)).toBe(5);
    expect(read("--timeout 0").count("timeout", 5, 0)).toBe(0);
    for (const wrong of ["0", "1.5", "1e3", "ten", "0x10"]) {
      expect(() => read(`--timeout ${wrong}`).count("timeout", 5), wrong).toThrow(/--timeout: "/);
    }
  });
});

describe("describeOptions", () => {
  it("aligns what each option does", () => {
    expect(describeOptions(options).split("\n")).toEqual([
      "  -s, --stack NAME  the stack; by default PULUMI_STACK, else dev",
      "  --out FILE        a file",
      "  --wait            wait for it",
      "  --timeout VALUE   seconds",
    ]);
    expect(describeOptions({})).toBe("");
  });
});
