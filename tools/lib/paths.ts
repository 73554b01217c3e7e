import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Root of the checkout. */
export const checkout = join(__dirname, "..", "..");

/** What this machine keeps for this checkout, outside version control. */
export const localDir = join(checkout, ".steamline");

export const paths = {
  bin: join(localDir, "bin"),
  passphrase: join(localDir, "passphrase"),
  state: join(localDir, "state"),
  /** A project of the same name, in which `pulumi stack init` may write its stack file. */
  scratch: join(localDir, "scratch"),
  tracked: (stack: string) => join(checkout, `Pulumi.${stack}.yaml`),
  settings: (stack: string) => join(localDir, "settings", `${stack}.json`),
  merged: (stack: string) => join(localDir, "config", `Pulumi.${stack}.yaml`),
  /** As `merged`, without what the machine found out: what `pulumi config set` edits. */
  editable: (stack: string) => join(localDir, "config", "edit", `Pulumi.${stack}.yaml`),
};

/** Name of the Pulumi project, and namespace of its config: what Pulumi.yaml says, which `pulumi new` gives another. */
export function projectName(): string {
  name ??= /^name:\s*["']?([\w.-]+)/m.exec(
    readFileSync(join(checkout, "Pulumi.yaml"), "utf8"),
  )?.[1];
  return name ?? "steamline";
}
let name: string | undefined;
