import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { stateFile } from "./backend";
import { explain } from "./explain";
import { readIfThere, writeWhole } from "./files";
import { parseStackFile } from "./merged-config";
import { paths, projectName } from "./paths";
import { capture } from "./run";
import type { Session } from "./session";
import { readSettings, writeSettings } from "./settings";
import { readTracked } from "./stack-config";
import { UserError } from "./user-error";

/** Whether the backend knows the session's stack. */
export async function stackExists(session: Session): Promise<boolean> {
  const file = stateFile(session.backend, session.stack);
  if (file) return existsSync(file) || existsSync(`${file}.gz`);
  const listed = await capture(session.toolchain.pulumi, ["stack", "--show-name"], {
    env: session.env,
  });
  return listed.code === 0;
}

/**
 * Makes the session's stack where there is none. The salt of its passphrase is kept with the machine's
 * settings, because `pulumi stack init` would write it into the tracked stack file.
 * @throws UserError where the backend refuses.
 */
export async function ensureStack(session: Session): Promise<void> {
  if (await stackExists(session)) return;
  const { stack } = session;
  const scratchFile = join(paths.scratch, `Pulumi.${stack}.yaml`);
  writeWhole(
    join(paths.scratch, "Pulumi.yaml"),
    stringify({ name: projectName(), runtime: "nodejs" }),
  );
  const salt = readTracked(stack).encryptionsalt;
  rmSync(scratchFile, { force: true });
  if (salt !== undefined) writeWhole(scratchFile, stringify({ encryptionsalt: salt }));

  const env = { ...session.env };
  delete env["PULUMI_STACK"];
  const made = await capture(
    session.toolchain.pulumi,
    ["-C", paths.scratch, "stack", "init", stack, "--no-select", "--non-interactive"],
    { env },
  );
  if (made.code !== 0 && !/already exists/.test(made.stderr)) {
    throw (
      explain(made.stderr) ??
      new UserError(
        "BACKEND",
        `the stack ${stack} could not be made: ${made.stderr.replace(/^error: /, "").trim()}`,
        {
          where: session.backend.url,
          fix: "check PULUMI_BACKEND_URL and that you may write there",
        },
      )
    );
  }
  const fresh = parseStackFile(readIfThere(scratchFile), scratchFile).encryptionsalt;
  rmSync(scratchFile, { force: true });
  const settings = readSettings(stack);
  if (salt === undefined && fresh !== undefined) {
    // Secrets of an earlier stack of this name were encrypted with another salt.
    const secrets = settings.encryptionsalt === fresh ? settings.secrets : {};
    writeSettings(stack, { ...settings, secrets, encryptionsalt: fresh });
  }
}

/** Takes the stack and its history out of the backend. Its settings stay. */
export async function removeStack(session: Session): Promise<boolean> {
  const removed = await capture(
    session.toolchain.pulumi,
    ["-C", paths.scratch, "stack", "rm", session.stack, "--yes", "--preserve-config"],
    { env: session.env },
  );
  return removed.code === 0;
}
