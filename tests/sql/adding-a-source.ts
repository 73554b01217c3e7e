import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const page = readFileSync(join(__dirname, "../../docs/adding-a-source.md"), "utf8");

interface Block {
  kind: string;
  file: string;
  text: string;
}

/** The blocks of the page that name a file. */
export const blocks: Block[] = [...page.matchAll(/^```(ts|sql|diff) (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = "", file = "", text = ""]) => ({ kind, file, text }),
);

/** The commands of the page that its next steps build upon. */
export const commands = [...page.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(([, text = ""]) =>
  text.trim(),
);

/** Does to `text` what a diff says: finds the lines with "-" or " ", and puts those with "+" or " ". */
function patched(text: string, diff: string): string {
  const lines = diff.trimEnd().split("\n");
  const side = (signs: string) =>
    lines
      .filter((line) => signs.includes(line[0] ?? " "))
      .map((line) => line.slice(1))
      .join("\n");
  const before = side(" -");
  if (text.split(before).length !== 2) throw new Error(`the page's diff does not fit:\n${before}`);
  return text.replace(before, () => side(" +"));
}

/** Does to a project what the page says, to the letter: its files, its diffs, its commands. */
export function follow(project: string): void {
  for (const { kind, file, text } of blocks) {
    const place = join(project, file);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, kind === "diff" ? patched(readFileSync(place, "utf8"), text) : text);
  }
  for (const command of commands) execFileSync("sh", ["-ec", command], { cwd: project });
}
