import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readIfThere, writeWhole } from "./files";
import {
  harvest,
  mergeConfig,
  parseStackFile,
  renderStackFile,
  type StackFile,
} from "./merged-config";
import { checkout, paths, projectName } from "./paths";
import { readSettings, writeSettings } from "./settings";

/** Writes the file that Pulumi is to read for `stack`, and tells what it holds. */
export function writeMerged(stack: string): { file: string; content: StackFile } {
  return write(stack, paths.merged(stack), true);
}

/** Writes the file that `pulumi config set` is to edit: without what the machine found out. */
export function writeEditable(stack: string): { file: string; content: StackFile } {
  return write(stack, paths.editable(stack), false);
}

function write(
  stack: string,
  file: string,
  withFound: boolean,
): { file: string; content: StackFile } {
  const content = mergeConfig(readTracked(stack), readSettings(stack), withFound);
  writeWhole(file, renderStackFile(content));
  return { file, content };
}

/** Keeps what Pulumi changed in `file` since it was written with `before`. */
export function keepChanges(stack: string, file: string, before: StackFile): void {
  const after = parseStackFile(readIfThere(file), file);
  const tracked = paths.tracked(stack);
  const kept = harvest(before, after, readIfThere(tracked), readSettings(stack));
  if (kept.tracked !== undefined) writeWhole(tracked, kept.tracked, 0o644);
  writeSettings(stack, kept.settings);
}

export function readTracked(stack: string): StackFile {
  const file = paths.tracked(stack);
  return parseStackFile(readIfThere(file), file);
}

/** Value of a plain key in a stack file, or undefined where it is absent, empty or secret. */
export function valueIn(content: StackFile, key: string): string | undefined {
  const value = content.config[`${projectName()}:${key}`];
  const plain =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return plain && value !== "" ? String(value) : undefined;
}

/** Value of a plain key as the program will see it: the stack's, else Pulumi.yaml's default. */
export function configValue(content: StackFile, key: string): string {
  declared ??= (parse(readFileSync(join(checkout, "Pulumi.yaml"), "utf8")) as { config: Declared })
    .config;
  return valueIn(content, key) ?? String(declared[key]?.default ?? "");
}

type Declared = Record<string, { default?: string | number | boolean }>;
let declared: Declared | undefined;
