import { describe, expect, it } from "vitest";
import { applyDifference } from "../../e2e/guide/difference";
import { readGuide, VERDICTS } from "../../e2e/guide/document";
import { splitStatements } from "../../e2e/guide/statements";

const guide = readGuide();
const ids = guide.entries.map(({ id }) => id);

describe("docs/guide.md", () => {
  it("has one verdict for every statement that it shows", () => {
    expect(guide.statements.length).toBeGreaterThan(60);
    expect(guide.statements.filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it("knows four verdicts", () => {
    const others = guide.entries.filter(({ verdict }) => !VERDICTS.includes(verdict));
    expect(others).toEqual([]);
  });

  it("shows what to run for whatever works, and gives a reason for the rest", () => {
    for (const { id, verdict, written, form, note } of guide.entries) {
      if (verdict === "works as written") expect(written, id).toBeDefined();
      if (verdict === "works in this form") expect(form, id).toBeDefined();
      if (verdict !== "works as written") expect(note, id).not.toBe("");
    }
  });

  it("has a statement or a form for each impossible line but the exercise of a cluster", () => {
    const bare = guide.entries.filter(
      ({ verdict, written }) => verdict === "impossible" && !written,
    );
    expect(bare.map(({ id }) => id)).toEqual(["exercise.3"]);
  });

  it("says how to get ready and how to tidy up", () => {
    expect(guide.setup.code).toMatch(/CREATE DATABASE/);
    expect(guide.cleanup.code).toMatch(/DROP DATABASE/);
  });
});

describe("splitting", () => {
  it("takes a shell command over continued lines, quotes and here-documents", () => {
    const code = '# first\na \\\n  b\n\nc "x\ny"\nd <<EOF\ne\n\nEOF\n';
    expect(splitStatements("bash", code)).toEqual(["a \\\n  b", 'c "x\ny"', "d <<EOF\ne\n\nEOF"]);
  });

  it("takes SQL by its semicolons, not those in strings", () => {
    expect(splitStatements("sql", "SELECT ';';\n\nSELECT 2;\n")).toEqual([
      "SELECT ';';",
      "SELECT 2;",
    ]);
  });
});

describe("a difference", () => {
  it("keeps what it does not name", () => {
    expect(applyDifference("a\nb\nc\nd\n", " b\n-c\n+C\n")).toBe("a\nb\nC\nd\n");
    expect(applyDifference("a\n", "+first\n")).toBe("first\na\n");
  });

  it("refuses a line that is not there", () => {
    expect(() => applyDifference("a\n", "-x\n")).toThrow(/not there: x/);
  });
});
