import { afterEach, describe, expect, it, vi } from "vitest";
import { exitCodeOf, renderError, UserError } from "../../../../tools/lib/user-error";

afterEach(() => vi.unstubAllEnvs());

describe("renderError", () => {
  it("tells what, where and what to do, without a stack trace", () => {
    const error = new UserError("CONFIG", "no map", { where: "Pulumi.dev.yaml", fix: "mend it" });
    expect(renderError(error)).toBe("error: no map\n  where: Pulumi.dev.yaml\n  do:    mend it");
  });

  it("takes the same words from errors of other kinds", () => {
    expect(renderError(Object.assign(new Error("off"), { fix: "turn it on" }))).toBe(
      "error: off\n  do:    turn it on",
    );
  });

  it("says of an unforeseen failure how to see more, and then shows it", () => {
    const error = new TypeError("x is undefined");
    expect(renderError(error)).toMatch(/^error: x is undefined\n {2}do: {4}STEAMLINE_DEBUG=1/);
    vi.stubEnv("STEAMLINE_DEBUG", "1");
    expect(renderError(error)).toContain("user-error.test.ts");
    expect(renderError("text")).toBe("error: text");
  });
});

describe("exitCodeOf", () => {
  it("sets wrong use apart from failure", () => {
    expect(exitCodeOf(new UserError("USAGE", "x"))).toBe(2);
    expect(exitCodeOf(new UserError("PORT_IN_USE", "x"))).toBe(1);
    expect(exitCodeOf(new Error("x"))).toBe(1);
  });
});
