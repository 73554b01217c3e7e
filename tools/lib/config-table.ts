import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "./user-error";

const key = z.object({
  type: z.string(),
  default: z.union([z.string(), z.number(), z.boolean()]),
  description: z.string(),
});
/** Keys with a namespace are Pulumi's: `pulumi new` leaves one with the template's place. */
const own = (config: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !name.includes(":")));
const schema = z.object({
  config: z.record(z.string(), z.unknown()).transform(own).pipe(z.record(z.string(), key)),
});

const BEGIN = "<!-- config-table -->";
const END = "<!-- /config-table -->";

/** The config keys that the text of a Pulumi.yaml declares, as a Markdown table with aligned columns. */
export function configTable(projectYaml: string): string {
  const { config } = schema.parse(parse(projectYaml));
  const rows = Object.entries(config).map(([key, { type, default: value, description }]) => [
    `\`${key}\``,
    type,
    value === "" ? "empty" : `\`${value}\``,
    description.replaceAll("|", "\\|"),
  ]);
  const table = [["Key", "Type", "Default", "What it is"], ...rows];
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const line = (row: string[]) => `| ${row.map((cell, i) => cell.padEnd(width(i))).join(" | ")} |`;
  const [head = [], ...body] = table;
  return [line(head), line(head.map((_, i) => "-".repeat(width(i)))), ...body.map(line)].join("\n");
}

/**
 * `readme` with the table between its two marks.
 * @throws UserError (CONFIG) where a mark is gone.
 */
export function withConfigTable(readme: string, projectYaml: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END, begin);
  if (begin === -1 || end === -1) {
    throw new UserError("CONFIG", `the marks ${BEGIN} and ${END} are not there`, {
      where: "README.md",
      fix: "put them around the place of the table",
    });
  }
  const before = readme.slice(0, begin + BEGIN.length);
  return `${before}\n\n${configTable(projectYaml)}\n\n${readme.slice(end)}`;
}
