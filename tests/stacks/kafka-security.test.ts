import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { accessOf, checkout, leftovers, npm, npmOk } from "../e2e/steamline";

const stack = "stacks-security";
const file = join(checkout, `Pulumi.${stack}.yaml`);
const configure = (kafkaSecurity: string) =>
  writeFileSync(
    file,
    `config:\n  steamline:kafkaSecurity: ${kafkaSecurity}\n  steamline:transactions: "true"\n`,
  );

describe("a stack of one broker whose producer sends in transactions", () => {
  afterAll(async () => {
    await npm("destroy", ["--stack", stack]);
    rmSync(file, { force: true });
  });

  it.each(["plaintext", "sasl_ssl", "plaintext", "sasl_ssl"])(
    "becomes one with %s in one up, keeps every record, and shows no change then",
    async (kafkaSecurity) => {
      configure(kafkaSecurity);
      await npmOk("up", ["--stack", stack]);
      expect((await npmOk("audit", ["--stack", stack])).stdout).toContain("complete");
      // The last offset of a partition is a transaction's marker.
      const peeked = await npmOk("peek", ["--limit", "1", "--stack", stack]);
      expect(peeked.stdout).toMatch(/"game_id":\d+/);
      expect((await accessOf(stack)).tls !== undefined).toBe(kafkaSecurity === "sasl_ssl");
      await npmOk("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
    },
  );

  it("is destroyed without a trace", async () => {
    await npmOk("destroy", ["--stack", stack]);
    expect(await leftovers(stack)).toEqual([]);
  });
});
