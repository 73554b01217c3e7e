import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { exportLines, shellQuote } from "../../../../tools/lib/shell";

const odd = ["", "plain", "two words", "it's", `"$HOME" \`id\` \\`, "a\nb", "*", "~", "#x", "ü"];

describe("shellQuote", () => {
  it("leaves plain words and paths as they are", () => {
    expect(shellQuote("file:///srv/state-1/a_b")).toBe("file:///srv/state-1/a_b");
  });

  it.each(odd)("gives the shell back %j", (value) => {
    const printed = execFileSync("sh", ["-c", `printf %s ${shellQuote(value)}`], {
      encoding: "utf8",
    });
    expect(printed).toBe(value);
  });
});

describe("exportLines", () => {
  it("sets each variable in a shell that evaluates them", () => {
    const script = exportLines({ A: "one two", B: "it's" });
    const printed = execFileSync("sh", ["-c", `${script}printf '%s|%s' "$A" "$B"`], {
      encoding: "utf8",
    });
    expect(printed).toBe("one two|it's");
  });
});
