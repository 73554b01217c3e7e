import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { generateColumns, generatedFile } from "../check/generate";
import { Scratch } from "../check/scratch";
import type { Command } from "../lib/command";
import { checkout } from "../lib/paths";
import { exitCodes } from "../lib/user-error";

export const command: Command = {
  summary: "writes the column types that the dashboards are checked against, from sql/",
  usage: "",
  options: {},
  passOn: false,
  async run() {
    const scratch = new Scratch();
    try {
      const text = await generateColumns(scratch);
      const before = existsSync(generatedFile) ? readFileSync(generatedFile, "utf8") : "";
      mkdirSync(dirname(generatedFile), { recursive: true });
      if (text !== before) writeFileSync(generatedFile, text);
      const file = relative(checkout, generatedFile);
      process.stdout.write(text === before ? `${file} is up to date\n` : `wrote ${file}\n`);
      return exitCodes.ok;
    } finally {
      scratch.close();
    }
  },
};
