import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lintWorkflows, workflowFiles } from "../../../tools/lib/workflow-lint";
import { canInstall } from "../../../tools/setup/apt";
import { findGo } from "../../../tools/setup/toolchain/go";
import { workflowNames, workflowText } from "./workflow";

const progress = {
  step: <T>(_title: string, work: (say: () => void) => Promise<T>) => work(() => undefined),
  note: () => undefined,
};
const directory = mkdtempSync(join(tmpdir(), "steamline-workflows-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The workflow with one fault put into it. */
function planted(name: string, before: string, after: string): string {
  const text = workflowText(name);
  expect(text).toContain(before);
  const file = join(directory, name);
  writeFileSync(file, text.replace(before, after));
  return file;
}

// The linter is built here, in seconds once its modules are there. A machine without Go leaves it to CI.
const cannotBuild = findGo() === undefined && !canInstall();

describe.skipIf(cannotBuild)("actionlint", { timeout: 240_000 }, () => {
  it("finds no fault in any workflow", async () => {
    expect(workflowFiles()).toHaveLength(workflowNames.length);
    expect(await lintWorkflows(workflowFiles(), progress)).toEqual([]);
  });

  it.each([
    ["an expression that GitHub does not know", "github.token", "github.tokn", '"tokn"'],
    ["a runner that there is not", "runs-on: steamline", "runs-on: streamline", '"streamline"'],
    ["a right that there is not", "pull-requests: write", "pull-request: write", "pull-request"],
    ["a key that jobs do not have", "timeout-minutes: 60", "timeout: 60", '"timeout"'],
  ])("finds %s, planted into pr-stack.yml, and where", async (_what, before, after, word) => {
    const file = planted("pr-stack.yml", before, after);
    const line = workflowText("pr-stack.yml").split(before)[0]!.split("\n").length;
    const [fault] = await lintWorkflows([file], progress);
    expect(fault).toMatchObject({ line, message: expect.stringContaining(word) as string });
  });
});
