import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configTable, withConfigTable } from "../../../../tools/lib/config-table";
import { checkout } from "../../../../tools/lib/paths";

const read = (file: string) => readFileSync(join(checkout, file), "utf8");

describe("the README", () => {
  it("lists the config keys as Pulumi.yaml declares them (npm run docs writes them anew)", () => {
    expect(read("README.md")).toBe(withConfigTable(read("README.md"), read("Pulumi.yaml")));
  });
});

describe("configTable", () => {
  const yaml = [
    "config:",
    "  partitions: { type: integer, default: 3, description: Partitions. }",
    '  source: { type: string, default: "", description: "steam | simulated" }',
  ].join("\n");

  it("has a line for each key, aligned", () => {
    expect(configTable(yaml).split("\n")).toEqual([
      "| Key          | Type    | Default | What it is         |",
      "| ------------ | ------- | ------- | ------------------ |",
      "| `partitions` | integer | `3`     | Partitions.        |",
      "| `source`     | string  | empty   | steam \\| simulated |",
    ]);
  });

  it("leaves out what `pulumi new` adds", () => {
    const tags = "  pulumi:tags: { value: { pulumi:template: /srv/steamline } }";
    expect(configTable(`${yaml}\n${tags}`)).toBe(configTable(yaml));
  });

  it("replaces what stands between the marks, and nothing else", () => {
    const readme = "a\n<!-- config-table -->\nold\n<!-- /config-table -->\nb\n";
    const once = withConfigTable(readme, yaml);
    expect(once).toMatch(
      /^a\n<!-- config-table -->\n\n\| Key [^]*\|\n\n<!-- \/config-table -->\nb\n$/,
    );
    expect(once).not.toContain("old");
    expect(withConfigTable(once, yaml)).toBe(once);
  });

  it("says which marks are missing", () => {
    expect(() => withConfigTable("no marks", yaml)).toThrow(/config-table/);
  });
});
