import { describe, expect, it } from "vitest";
import { commentMark, parsePreview, summarize, type Preview } from "../../../../tools/lib/markdown";

const urn = (type: string, name: string) => `urn:pulumi:dev::steamline::${type}::${name}`;
const step = (op: string, type: string, name: string, more: object = {}) => ({
  op,
  urn: urn(type, name),
  newState: { type },
  ...more,
});
const TABLE = "pulumi-nodejs:dynamic/clickhouse:SqlObject";
const CONTAINER = "docker:index/container:Container";
const rows = (text: string) => text.split("\n").filter((line) => /^\| `/.test(line));

const preview: Preview = {
  steps: [
    step("same", "docker:index/network:Network", "network-bridge"),
    step("create", TABLE, "steam_weekly"),
    step("update", TABLE, "steam_top_games", {
      detailedDiff: { statement: { kind: "update" }, __provider: { kind: "update" } },
      oldState: { type: TABLE, inputs: { statement: "CREATE ... password='hunter2'" } },
    }),
    step("replace", CONTAINER, "broker-container", {
      replaceReasons: ["envs"],
      detailedDiff: { envs: { kind: "update-replace" }, memory: { kind: "update" } },
    }),
    step("create-replacement", CONTAINER, "broker-container"),
    step("delete-replaced", CONTAINER, "broker-container"),
    { op: "delete", urn: urn(TABLE, "steam_old"), oldState: { type: TABLE } },
  ],
};

describe("summarize", () => {
  it("begins with the mark by which the comment is found again", () => {
    expect(summarize("dev", preview, false).split("\n")[0]).toBe(commentMark("dev"));
    expect(commentMark("dev")).toBe("<!-- steamline preview of dev -->");
  });

  it("counts, and tells for each resource what, why, and whether it is replaced", () => {
    const text = summarize("dev", preview, false);
    expect(text).toContain("1 to create, 1 to update, 1 to replace, 1 to delete, 1 unchanged.");
    expect(rows(text)).toEqual([
      `| \`steam_old\` | \`${TABLE}\` | **delete** | no longer declared |`,
      `| \`broker-container\` | \`${CONTAINER}\` | **replace** | \`envs\` (forces it), \`memory\` |`,
      `| \`steam_top_games\` | \`${TABLE}\` | update in place | \`statement\` |`,
      `| \`steam_weekly\` | \`${TABLE}\` | create | not there yet |`,
    ]);
  });

  it("shows no value of any property", () => {
    expect(summarize("dev", preview, false)).not.toContain("hunter2");
  });

  it("says so where nothing changes", () => {
    const text = summarize("dev", { steps: [step("same", TABLE, "a")] }, false);
    expect(text).toContain("No change: 1 resources stay as they are.");
    expect(rows(text)).toEqual([]);
  });

  it("shows why a preview failed, fenced, and no warning", () => {
    const text = summarize(
      "dev",
      {
        steps: [],
        diagnostics: [
          { severity: "warning", message: "only a warning" },
          { severity: "error", message: "The stack's config has 1 fault:\n  - x\n```\n" },
        ],
      },
      true,
    );
    expect(text).toContain("The preview failed.");
    expect(text).toContain("```text\nThe stack's config has 1 fault:\n  - x\n'''\n```\n");
    expect(text).not.toContain("only a warning");
  });

  it("says that a preview with changes ended with a failure", () => {
    const text = summarize("dev", { steps: [step("create", TABLE, "a")] }, true);
    expect(text).toContain("1 to create, 0 unchanged. The preview ended with a failure.");
  });

  it("keeps names from breaking the table", () => {
    const text = summarize("dev", { steps: [step("create", TABLE, "a|b`c\nd")] }, false);
    expect(rows(text)[0]).toContain("`a\\|b'c d`");
  });

  it("names twelve reasons at most", () => {
    const detailedDiff = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, {}]));
    const text = summarize("dev", { steps: [step("update", TABLE, "a", { detailedDiff })] }, false);
    expect(rows(text)[0]).toMatch(/`p11`, and 8 more \|$/);
  });

  it("fits into a comment however many resources change, and says what it leaves out", () => {
    const many = Array.from({ length: 3000 }, (_, i) => step("create", TABLE, `table_${i}`));
    const text = summarize("dev", { steps: many }, false);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("3000 to create");
    const left = Number(/(\d+) more are left out here/.exec(text)?.[1]);
    expect(left + rows(text).length).toBe(3000);
  });

  it("fits into a comment however much a failure says, and closes its code block", () => {
    const diagnostics = Array.from({ length: 50 }, () => ({
      severity: "error",
      message: "x".repeat(9000),
    }));
    const text = summarize("dev", { steps: [step("create", TABLE, "a")], diagnostics }, true);
    expect(text.length).toBeLessThan(65_536);
    expect(text.match(/^```/gm)).toHaveLength(2);
    expect(text).toContain("and 42 more");
    expect(rows(text)).toHaveLength(1);
  });
});

describe("parsePreview", () => {
  it("finds the JSON behind what comes before it", () => {
    expect(parsePreview('Previewing...\n{"steps": [], "changeSummary": {"same": 3}}')).toEqual({
      steps: [],
      changeSummary: { same: 3 },
    });
  });

  it.each(["", "error: no such stack", "{half", '{"steps": 3}'])("finds none in %j", (text) => {
    expect(parsePreview(text)).toBeUndefined();
  });
});
