import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { paths } from "../../../../tools/lib/paths";
import { chosenStack, plainPath, pulumiVariables } from "../../../../tools/lib/session";

describe("chosenStack", () => {
  it("is the option's, else the variable's, else dev", () => {
    expect(chosenStack("pr-1", { PULUMI_STACK: "staging" })).toBe("pr-1");
    expect(chosenStack(undefined, { PULUMI_STACK: "staging" })).toBe("staging");
    expect(chosenStack(undefined, {})).toBe("dev");
  });

  it.each(["", "../dev", "a/b", "-s", ".hidden", "a b", "a".repeat(101)])(
    "is never %j, which would lead out of its directory",
    (name) => {
      expect(() => chosenStack(name, {})).toThrow(/cannot be the name of a stack/);
    },
  );
});

describe("plainPath", () => {
  it("leaves the checkout's own pulumi out, which would call itself", () => {
    expect(plainPath({ PATH: ["/usr/bin", paths.bin, "/bin"].join(delimiter) })).toBe(
      ["/usr/bin", "/bin"].join(delimiter),
    );
    expect(plainPath({})).toBe("");
  });
});

describe("pulumiVariables", () => {
  it("names the backend, and passes a passphrase of the environment over", () => {
    const backend = { url: "s3://bucket", directory: undefined };
    const variables = pulumiVariables({ PULUMI_CONFIG_PASSPHRASE: "x" }, backend);
    expect(variables).toMatchObject({ PULUMI_BACKEND_URL: "s3://bucket" });
    expect(JSON.stringify(variables)).not.toContain("PASSPHRASE");
  });
});
