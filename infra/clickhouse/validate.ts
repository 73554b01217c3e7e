import { readCatalog, type SqlFile } from "./catalog";
import { identifier, significant, tokenize } from "./lexer";
import { placeholderNames, renderSql, SqlFileError, type PlaceholderValues } from "./render";
import { ruleFindings, type RuleOptions } from "./rules";
import { sampleValues } from "./samples";
import type { Understood } from "./scratch";
import { understand } from "./understand";

/** A fault, where it stands, and what is wrong. */
export interface Finding {
  file: string;
  line: number;
  message: string;
}

/**
 * Every fault of the files, found before anything runs: by the rules of this project and by the engine, which
 * makes each object in a scratch directory.
 */
export function validate(
  catalog: readonly SqlFile[],
  values: PlaceholderValues,
  options: RuleOptions,
): { findings: Finding[]; understood: Map<string, Understood> } {
  const rules = catalog.flatMap((file) => ruleFindings(file, catalog, values, options));
  const understood = understand(catalog, values);
  const failed = (name: string) => "error" in (understood.get(name) ?? {});
  const faults = catalog.flatMap((file) => {
    const found = understood.get(file.name);
    if (!found || !("error" in found)) return [];
    const ruled = rules.some((finding) => finding.file === file.file);
    const follows = found.error.includes("UNKNOWN_TABLE") && file.references.some(failed);
    // A rule says more plainly what the engine trips over too; and what a fault brings about is none of its own.
    return ruled || follows
      ? []
      : [engineFinding(file, renderSql(file.sql, values, file.file), found.error)];
  });
  return { findings: [...rules, ...faults], understood };
}

/** The same for a folder, every placeholder filled by a stand-in, numbers by 1. */
export function validateFolder(directory: string, options: RuleOptions): Finding[] {
  try {
    const catalog = readCatalog(directory);
    return validate(catalog, standIns(catalog), options).findings;
  } catch (error) {
    if (!(error instanceof SqlFileError)) throw error;
    return [{ file: error.file, line: error.line, message: error.problem }];
  }
}

/** A value of its type for every placeholder. */
export function standIns(catalog: readonly SqlFile[]): PlaceholderValues {
  const sqls = catalog.map(({ sql }) => sql);
  const names = [...new Set(sqls.flatMap(placeholderNames))];
  const samples = Object.entries(sampleValues(sqls, names)).map(
    ([name, sample]) => [name, typeof sample === "number" ? 1 : sample] as const,
  );
  return Object.fromEntries(samples);
}

export function engineFinding(file: Pick<SqlFile, "file">, sql: string, error: string): Finding {
  const message = error.replace(/\s+/g, " ").slice(0, 1_000);
  return { file: file.file, line: lineOf(sql, error), message };
}

/**
 * The line an engine's error speaks of: the one it names, the one at the position it names, else the first that
 * has a word which the error quotes, else the statement's first.
 */
export function lineOf(sql: string, error: string): number {
  const named = /\(line (\d+), col \d+\)/.exec(error)?.[1];
  if (named !== undefined) return Number(named);
  const position = /failed at position (\d+)/.exec(error)?.[1];
  if (position !== undefined) return sql.slice(0, Number(position)).split("\n").length;
  const tokens = significant(tokenize(sql));
  const quoted = [...error.matchAll(/[`'"]([^`'"]+)[`'"]/g)].map((match) => match[1] ?? "");
  const bare = [...error.matchAll(/\b(DEFAULT|MATERIALIZED|EPHEMERAL)\b/g)].map(([word]) => word);
  const closing = /(\w+)\.?\s*\([A-Z_]+\)\s*$/.exec(error)?.[1] ?? [];
  for (const word of [...quoted, ...bare].concat(closing)) {
    const last = word.split(".").at(-1);
    const token = tokens.find(
      (candidate) => identifier(candidate) === last || candidate.text === `'${word}'`,
    );
    if (token) return token.line;
  }
  return tokens[0]?.line ?? 1;
}
