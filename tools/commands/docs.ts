import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../lib/command";
import { withConfigTable } from "../lib/config-table";
import { writeWhole } from "../lib/files";
import { checkout } from "../lib/paths";
import { exitCodes } from "../lib/user-error";

export const command: Command = {
  summary: "writes the README's generated part anew: the table of config keys, from Pulumi.yaml",
  usage: "",
  options: {},
  passOn: false,
  async run() {
    const readme = join(checkout, "README.md");
    const projectYaml = readFileSync(join(checkout, "Pulumi.yaml"), "utf8");
    writeWhole(readme, withConfigTable(readFileSync(readme, "utf8"), projectYaml), 0o644);
    return exitCodes.ok;
  },
};
