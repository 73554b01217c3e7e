import { describe, expect, it } from "vitest";
import { UserError } from "../../../../../tools/lib/user-error";
import { watched } from "../../../../../tools/setup/images/watched";

const about = { title: "building x", where: "x/Dockerfile", fix: "mend it" };

async function failureOf(script: string): Promise<UserError> {
  try {
    await watched("sh", ["-c", script], { ...about, say: () => undefined });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("did not fail");
}

describe("a watched program", () => {
  it("tells its lines as they come, without colours", async () => {
    const said: string[] = [];
    const script = "printf '\\033[91mone\\033[0m\\n'; sleep 0.2; echo two >&2";
    await watched("sh", ["-c", script], { ...about, say: (line) => said.push(line) });
    expect(said).toEqual(["one", "two"]);
  });

  it("fails with the end of what it said, where, and what to do", async () => {
    const error = await failureOf("seq 100; exit 3");
    expect(error.code).toBe("IMAGE");
    expect(error.message.split("\n")).toHaveLength(13);
    expect(error.message).toMatch(/^building x failed \(code 3\)\n {4}89\n[^]*\n {4}100$/);
    expect(error.more).toMatchObject({ where: "x/Dockerfile", fix: "mend it" });
  });

  it("says so where the disk is full", async () => {
    const error = await failureOf("echo 'write /x: no space left on device'; exit 1");
    expect(error.code).toBe("DISK_FULL");
  });

  it("says so where there is no such program", async () => {
    const started = watched("no-such-program", [], { ...about, say: () => undefined });
    await expect(started).rejects.toThrow(/building x failed \(spawn no-such-program ENOENT\)/);
  });
});
