import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { storedObjects } from "../../../../infra/clickhouse/last-state";

const OBJECT = "pulumi-nodejs:dynamic/clickhouse:SqlObject";
const outputs = {
  "urn::a": { type: OBJECT, outputs: { name: "a", kind: "table" } },
  "urn::b": { type: "docker:index/volume:Volume", outputs: { name: "b" } },
};

/** An engine that answers the first questions for its state with errors. */
function engine(...errors: string[]): () => Promise<unknown> {
  return async () => {
    const error = errors.shift();
    if (error !== undefined) throw new Error(`invocation returned an error: ${error}`);
    return { outputs };
  };
}

beforeAll(() => {
  const newResource = ({ name }: { name: string }) => ({ id: name, state: {} });
  return pulumi.runtime.setMocks(
    { call: () => ({}), newResource },
    "steamline",
    "test",
    false,
    "organization",
  );
});

describe("storedObjects", () => {
  it("holds the SQL objects of the stack's state, and nothing else", async () => {
    expect([...((await storedObjects(engine())) ?? [])]).toEqual([
      ["a", { name: "a", kind: "table" }],
    ]);
  });

  it("asks again where the CLI is caught while it writes the state", async () => {
    const eof = "failed to load checkpoint: EOF";
    expect((await storedObjects(engine(eof, eof)))?.size).toBe(1);
  });

  it("passes any other failure on", async () => {
    await expect(storedObjects(engine("no such stack"))).rejects.toThrow(/no such stack/);
  });
});
