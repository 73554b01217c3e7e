import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reload } from "./reload";

const checkout = join(__dirname, "../..");

interface CreatedFile {
  id: string;
  outs: object;
}

describe("a provider in the state of a stack that was made before", () => {
  it("calls the functions by their own names, and still finds them", async () => {
    const path = ".steamline/closure-test-before.txt";
    const call = (name: string) => `require("@steamline/dynamic").file.${name}`;
    const file = reload(
      `exports.handler = () => ({
        diff: async (_id, olds, news) => ${call("diff")}(olds, news),
        create: (inputs) => ${call("create")}(inputs),
        read: (id, state) => ${call("read")}(id, state),
        update: (_id, _olds, news) => ${call("update")}(news),
        delete: (_id, state) => ${call("del")}(state),
      });`,
    );
    const { id, outs } = (await file.create({ path, content: "one" })) as CreatedFile;
    expect(await file.diff?.(id, outs, { path, content: "two" })).toMatchObject({ changes: true });
    await file.update?.(id, outs, { path, content: "two" });
    expect(await file.read?.(id, outs)).toMatchObject({ props: { content: "two" } });
    await file.delete?.(id, outs);
    expect(existsSync(join(checkout, path))).toBe(false);
  });

  it.each([
    ["sqlObject", ["create", "del", "diff", "read", "update"]],
    ["sqlCatalog", ["create", "diff", "update"]],
    ["password", ["create"]],
  ])("finds those of %s", (name, functions) => {
    const { diff } = reload(
      `exports.handler = () => ({ diff: () => Object.keys(require("@steamline/dynamic").${name}) });`,
    );
    expect(diff?.("", {}, {})).toEqual(expect.arrayContaining(functions));
  });
});
