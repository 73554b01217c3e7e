import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout, leftovers, npm, npmOk, stack } from "./steamline";

export const upLog = join(checkout, ".steamline", "e2e-up.log");
const treeLog = join(checkout, ".steamline", "e2e-tree.txt");

/** Tracked files and what differs from the last commit. */
export function workTree(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout, encoding: "utf8" });
  return git("status", "--porcelain") + git("diff", "HEAD");
}

/** Brings the suite's stack up once, and destroys it when all files have run. */
export async function setup(): Promise<() => Promise<void>> {
  const standing = (await leftovers(stack)).filter((line) => line.startsWith("container"));
  if (standing.length > 0 && process.env["STEAMLINE_E2E_REUSE"] !== "1") {
    throw new Error(
      `The stack ${stack} is up (${standing.join(", ")}), and these tests would destroy it with its data. ` +
        `Destroy it yourself, or name another stack in STEAMLINE_E2E_STACK.`,
    );
  }
  const before = workTree();
  mkdirSync(join(checkout, ".steamline"), { recursive: true });
  writeFileSync(treeLog, before);
  const up = await npm("up", ["--stack", stack]);
  writeFileSync(upLog, up.stdout + up.stderr);
  if (up.code !== 0)
    throw new Error(`npm run up ended with ${up.code}\n${up.stdout}\n${up.stderr}`);

  return async () => {
    if (process.env["STEAMLINE_E2E_REUSE"] === "1") return;
    const destroy = await npmOk("destroy", ["--stack", stack]);
    const left = await leftovers(stack);
    if (left.length > 0) throw new Error(`destroy left ${left.join(", ")}\n${destroy.stdout}`);
    if (workTree() !== before)
      throw new Error(`a tracked file changed while the tests ran:\n${workTree()}`);
  };
}
