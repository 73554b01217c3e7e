import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout } from "../../../../tools/lib/paths";
import {
  componentKey,
  components,
  goLine,
  neededGo,
} from "../../../../tools/setup/toolchain/components";
import { findVersion, isAtLeast, toolVersions } from "../../../../tools/setup/versions";

const versions = toolVersions();
const read = (...path: string[]) => readFileSync(join(checkout, ...path), "utf8");

describe("isAtLeast", () => {
  it.each([
    ["3.244.0", "3.244.0", true],
    ["3.259.0", "3.244.0", true],
    ["3.99.9", "3.244.0", false],
    ["4.0.0", "3.244.0", true],
    ["1.25", "1.25.11", false],
    ["1.26", "1.25.11", true],
  ])("%s against %s", (version, oldest, expected) => {
    expect(isAtLeast(version, oldest)).toBe(expected);
  });
});

describe("findVersion", () => {
  it.each([
    ["v3.259.0\n", "3.259.0"],
    ["v3.260.0-alpha.1+dirty", "3.260.0"],
    ["go version go1.26.8 linux/amd64", "1.26.8"],
    ["go version go1.19 linux/arm64", "1.19"],
    ["nothing", undefined],
  ])("%j", (text, expected) => expect(findVersion(text)).toBe(expected));
});

describe("versions that are told in two places agree", () => {
  it("the CLI and its Go module", () => {
    expect(read("tools", "setup", "go", "pulumi", "go.mod")).toContain(
      `github.com/pulumi/pulumi/pkg/v3 v${versions.cli} `,
    );
  });

  it("the plugins and their npm packages", () => {
    const { dependencies } = JSON.parse(read("package.json")) as {
      dependencies: Record<string, string>;
    };
    expect(dependencies["@pulumi/docker"]).toBe(versions.docker);
    expect(dependencies["@pulumi/kafka"]).toBe(versions.kafka);
  });

  it("the Go that is fetched builds every module", () => {
    expect(isAtLeast(versions.go, neededGo(components(versions)))).toBe(true);
  });
});

describe("components", () => {
  it("have keys of their own, which stay while sources do and follow versions", () => {
    const keys = components(versions).map(componentKey);
    expect(new Set(keys).size).toBe(4);
    expect(components(versions).map(componentKey)).toEqual(keys);
    const other = components({ ...versions, docker: "5.3.0" }).map(componentKey);
    expect(other.filter((key) => !keys.includes(key))).toHaveLength(1);
  });

  it("know the Go they need", () => {
    expect(goLine("module a\n\ngo 1.25.11\n\nrequire b v1.0.0\n")).toBe("1.25.11");
  });
});
