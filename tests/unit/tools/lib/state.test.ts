import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forgetPending, readState } from "../../../../tools/lib/state";
import { stubSession } from "./session-stub";
import { projectName } from "../../../../tools/lib/paths";

const own = projectName();

let dir: string;
let stacks: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "steamline-state-"));
  stacks = join(dir, "stacks", own);
  mkdirSync(stacks, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const latest = {
  resources: [{ urn: "urn:a::b", type: "docker:index/volume:Volume", id: "v", protect: true }],
  pending_operations: [{ type: "creating", resource: { urn: "urn:a::c", type: "t" } }],
};

/** A `pulumi` that exports `deployment` and keeps what it is to import. */
function exporting(deployment: unknown, directory: string | undefined = dir) {
  const file = join(dir, "pulumi");
  writeFileSync(join(dir, "export.json"), JSON.stringify({ version: 3, deployment }));
  writeFileSync(
    file,
    `#!/bin/sh\n[ "$2" = export ] && exec cat "${dir}/export.json"\nexec cat > "${dir}/imported.json"\n`,
  );
  chmodSync(file, 0o755);
  return stubSession(directory, file);
}

describe("readState", () => {
  it("reads the checkpoint without asking Pulumi", async () => {
    writeFileSync(join(stacks, "dev.json"), JSON.stringify({ version: 3, checkpoint: { latest } }));
    expect(await readState(stubSession(dir))).toEqual(latest);
  });

  it("knows nothing of a stack that was never deployed", async () => {
    expect(await readState(stubSession(dir))).toBeUndefined();
    writeFileSync(join(stacks, "dev.json"), JSON.stringify({ checkpoint: { latest: null } }));
    expect(await readState(stubSession(dir))).toBeUndefined();
  });

  it("asks Pulumi for a compressed checkpoint", async () => {
    writeFileSync(join(stacks, "dev.json.gz"), "");
    expect(await readState(exporting(latest))).toEqual(latest);
  });

  it("asks Pulumi on a backend of another kind", async () => {
    const session = exporting(latest);
    session.backend = { url: "s3://bucket", directory: undefined };
    expect(await readState(session)).toEqual(latest);
  });
});

describe("forgetPending", () => {
  it("imports the state again without what was left unfinished, all else kept", async () => {
    await forgetPending(exporting({ ...latest, metadata: { a: 1 } }));
    expect(JSON.parse(readFileSync(join(dir, "imported.json"), "utf8"))).toEqual({
      version: 3,
      deployment: { resources: latest.resources, metadata: { a: 1 } },
    });
  });
});
