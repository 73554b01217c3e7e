import { isRefused, rules } from "./check";
import type { Violation } from "./rule";

const demands = new Map(rules.map((rule) => [rule.name, rule.demands]));

/** Violations for a terminal: what, where, and what to do. */
export function renderPolicy(stack: string, violations: readonly Violation[]): string {
  if (violations.length === 0) return `policy: ${stack} keeps all rules`;
  const lines = violations.flatMap(({ rule, level, resource, type, where, value, fix }) => [
    `${level}  ${rule}: ${demands.get(rule) ?? ""}`,
    `  where: ${resource} (${type}), ${where}: ${value}`,
    `  do:    ${fix}`,
  ]);
  return [`policy: ${count(violations)}`, ...lines].join("\n");
}

/** Violations as a section of a pull-request comment; one line where there is none. */
export function policyMarkdown(violations: readonly Violation[]): string {
  if (violations.length === 0) return "\n**Policy**: all rules are kept.\n";
  const rows = violations.map(
    ({ rule, level, resource, where, value, fix }) =>
      `| \`${rule}\`${level === "advisory" ? " (advisory)" : ""} | ${code(`${resource}.${where}`)} | ${cell(value)} | ${cell(fix)} |`,
  );
  const verdict = isRefused(violations) ? "**refused**" : "told, not refused";
  return [
    "",
    `### Policy: ${count(violations)}, ${verdict}`,
    "",
    "| Rule | Where | What | Do |",
    "| --- | --- | --- | --- |",
    ...rows.slice(0, MOST_ROWS),
    ...(rows.length > MOST_ROWS
      ? ["", `${rows.length - MOST_ROWS} more: \`npm run preview -- --policy\``]
      : []),
    "",
  ].join("\n");
}

/** What fits into a comment beside the preview itself. */
const MOST_ROWS = 20;

function count(violations: readonly Violation[]): string {
  const mandatory = violations.filter(({ level }) => level === "mandatory").length;
  const advisory = violations.length - mandatory;
  return [
    ...(mandatory > 0 ? [`${mandatory} against a mandatory rule`] : []),
    ...(advisory > 0 ? [`${advisory} advisory`] : []),
  ].join(", ");
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ").slice(0, 300);
const code = (text: string) => `\`${cell(text).replaceAll("`", "'")}\``;
