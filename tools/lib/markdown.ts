import { z } from "zod";

const state = z
  .looseObject({
    type: z.string().optional(),
    protect: z.boolean().optional(),
    inputs: z.record(z.string(), z.unknown()).optional(),
  })
  .nullish();
const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: state,
  newState: state,
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
});
const schema = z.looseObject({
  config: z.record(z.string(), z.unknown()).nullish(),
  steps: z.array(step).nullish(),
  diagnostics: z
    .array(
      z.looseObject({
        urn: z.string().optional(),
        message: z.string().optional(),
        severity: z.string().optional(),
      }),
    )
    .nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
});

/** What `pulumi preview --json` prints, as far as the summary and the policy need it. */
export type Preview = z.infer<typeof schema>;
type Step = z.infer<typeof step>;

/** GitHub refuses comments above 65,536 characters. */
const LIMIT = 60_000;
/** How many messages of a failure are shown, and how many characters of each. */
const MESSAGES = 8;
const MESSAGE_LENGTH = 4000;
/** First line of every summary, by which a comment is found again. */
export const commentMark = (stack: string) => `<!-- steamline preview of ${stack} -->`;

/** Parts of a replacement that Pulumi lists as steps of their own beside `replace`. */
const PARTS = new Set([
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "remove-pending-replace",
]);
const VERBS: Record<string, string> = {
  create: "create",
  update: "update in place",
  replace: "**replace**",
  delete: "**delete**",
  import: "import",
  read: "read",
  refresh: "refresh",
};

/** The preview in `text`; undefined where it is none, because Pulumi failed before it had one. */
export function parsePreview(text: string): Preview | undefined {
  const start = text.indexOf("{");
  if (start === -1) return undefined;
  try {
    return schema.parse(JSON.parse(text.slice(start)));
  } catch {
    return undefined;
  }
}

/**
 * A preview as Markdown for a comment: counts first, then a line for each resource with what happens, why,
 * and whether it is replaced. It names properties and never shows values, so no secret can be in it.
 */
export function summarize(stack: string, preview: Preview, failed: boolean): string {
  const steps = preview.steps ?? [];
  const changed = steps.filter(({ op }) => op !== "same" && !PARTS.has(op));
  const head = [
    commentMark(stack),
    `## Preview of \`${stack}\``,
    "",
    verdict(steps, changed, failed),
    "",
  ];
  const errors = (preview.diagnostics ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    head.push("```text", ...told(errors.map(({ message }) => message ?? "")), "```", "");
  if (changed.length === 0) return cut([...head], []);
  head.push("| Resource | Type | What | Why |", "| --- | --- | --- | --- |");
  return cut(head, [...changed].sort(byWeight).map(row));
}

function verdict(steps: readonly Step[], changed: readonly Step[], failed: boolean): string {
  if (failed && changed.length === 0) return "The preview failed.";
  const unchanged = steps.filter(({ op }) => op === "same").length;
  if (changed.length === 0) return `No change: ${unchanged} resources stay as they are.`;
  const counts = new Map<string, number>();
  for (const { op } of changed) counts.set(op, (counts.get(op) ?? 0) + 1);
  const told = [...counts].map(([op, n]) => `${n} to ${op}`).join(", ");
  return `${told}, ${unchanged} unchanged.${failed ? " The preview ended with a failure." : ""}`;
}

const WEIGHT = ["delete", "replace", "update", "create"];

function byWeight(a: Step, b: Step): number {
  const weight = (s: Step) => (WEIGHT.includes(s.op) ? WEIGHT.indexOf(s.op) : WEIGHT.length);
  return weight(a) - weight(b);
}

function row(changedStep: Step): string {
  const { urn, op } = changedStep;
  const name = urn.split("::").at(-1) ?? urn;
  const type = changedStep.newState?.type ?? changedStep.oldState?.type ?? "";
  return `| \`${cell(name)}\` | \`${cell(type)}\` | ${VERBS[op] ?? op} | ${why(changedStep)} |`;
}

function why({ op, replaceReasons, detailedDiff, diffReasons }: Step): string {
  if (op === "create") return "not there yet";
  if (op === "delete") return "no longer declared";
  const replacing = new Set(replaceReasons ?? []);
  const paths = Object.keys(detailedDiff ?? {});
  const keys = paths.length > 0 ? paths : (diffReasons ?? []);
  const shown = [...new Set([...replacing, ...keys])].filter((key) => key !== "__provider");
  if (shown.length === 0) return "";
  const names = shown
    .slice(0, 12)
    .map((key) => `\`${cell(key)}\`${replacing.has(key) ? " (forces it)" : ""}`);
  return names.join(", ") + (shown.length > 12 ? `, and ${shown.length - 12} more` : "");
}

function cut(head: readonly string[], rows: readonly string[]): string {
  let text = `${head.join("\n")}\n`;
  for (const [i, line] of rows.entries()) {
    const rest = `\n${rows.length - i} more are left out here; \`npm run preview\` shows them.\n`;
    if (text.length + line.length + rest.length + 1 > LIMIT) return text + rest;
    text += `${line}\n`;
  }
  return text;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("`", "'").replaceAll("\n", " ");
}

/** Messages as lines of a code block, cut so that the table still fits behind them. */
function told(messages: readonly string[]): string[] {
  const shown = messages
    .slice(0, MESSAGES)
    .map((text) => text.replaceAll("```", "'''").trim().slice(0, MESSAGE_LENGTH));
  const left = messages.length - shown.length;
  return left > 0 ? [...shown, `and ${left} more`] : shown;
}
