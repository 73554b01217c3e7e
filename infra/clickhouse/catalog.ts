import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { matching } from "./definition";
import { Flow } from "./flow";
import { headOf, type ObjectKind } from "./head";
import { identifier, significant, tokenize, type Token } from "./lexer";
import { readPolicy, type Policy } from "./policy";
import { placeholderNames, SqlFileError } from "./render";

export type { ObjectKind } from "./head";

/** Where the project's own objects stand. */
export const sqlDir = join(__dirname, "..", "..", "sql");

/** One object of `sql/`, as its file declares it. */
export interface SqlFile {
  name: string;
  kind: ObjectKind;
  /** Path for messages, relative to the checkout. */
  file: string;
  /** The statement with its placeholders. */
  sql: string;
  /** Other objects of the catalog that the statement names. */
  references: string[];
  /** Objects that change before this one does: what it names, and what `Flow.before` tells. */
  after: string[];
  /** For a materialized view, the table it writes to. */
  target: string | undefined;
  /** What the file's header asks for beside the statement. */
  policy: Policy;
  /** For a Distributed table that the stack adds, the table of each shard that its rows go to. */
  forwardsTo?: string;
  /** Whether the servers make it from files of their own, so that no statement does. @default false */
  madeByFiles?: boolean;
}

/**
 * Reads every `*.sql` file of `directory`, by default the project's own, one statement each, sorted so that an object comes after
 * those it names.
 * @throws SqlFileError for a file that is not one CREATE statement of its own name, or a cycle.
 */
export function readCatalog(directory = sqlDir): SqlFile[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => parseFile(join("sql", file), readFileSync(join(directory, file), "utf8")));
  return inOrder(files);
}

/** Files that are parsed each for itself, related to one another and sorted. @throws SqlFileError for a cycle */
export function inOrder(
  files: readonly (Omit<SqlFile, "references" | "after"> & { words: string[] })[],
): SqlFile[] {
  const names = new Set(files.map((file) => file.name));
  const known = files.map(({ words, ...file }) => {
    const references = words.filter((word) => word !== file.name && names.has(word));
    return { ...file, references, after: references };
  });
  const flow = new Flow(known);
  return sortByOrder(
    known.map((file) => ({
      ...file,
      after: /^(kafka|table)$/.test(file.kind)
        ? [...file.references, ...flow.before(file.name)]
        : file.after,
    })),
  );
}

/** @throws SqlFileError with each value that no file uses. */
export function checkUnused(
  catalog: readonly SqlFile[],
  values: Readonly<Record<string, unknown>>,
): void {
  const used = new Set(catalog.flatMap((file) => placeholderNames(file.sql)));
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw new SqlFileError(
      "sql/",
      1,
      `no file uses the placeholder${unused.length > 1 ? "s" : ""} ${unused.join(", ")}.`,
    );
  }
}

/**
 * One file's object, as far as the file alone tells.
 * @throws SqlFileError for a file that is not one CREATE statement of its own name.
 */
export function parseFile(
  file: string,
  sql: string,
): Omit<SqlFile, "references" | "after"> & { words: string[] } {
  const tokens = significant(tokenize(sql));
  const end = tokens.findIndex((token) => token.text === ";");
  const next = end === -1 ? undefined : tokens[end + 1];
  if (next)
    throw new SqlFileError(
      file,
      next.line,
      "a second statement begins here. One statement a file.",
    );

  const { name, kind, rest } = headOf(file, tokens);
  const target = kind === "view" ? targetOf(rest) : undefined;
  if (kind === "view" && target === undefined) {
    throw new SqlFileError(
      file,
      tokens[0]?.line ?? 1,
      "declares a materialized view without TO. Declare its table in a file of its own and write CREATE MATERIALIZED VIEW name TO table AS, so that the view can change and the rows stay.",
    );
  }
  return {
    name,
    kind,
    file,
    sql,
    target,
    policy: readPolicy(sql, file),
    words: [...databaseOf(name), ...namesIn(kind, rest)],
  };
}

/** The database that a name is in, where it says so: it is made first. */
function databaseOf(name: string): string[] {
  return name.includes(".") ? [name.slice(0, name.indexOf("."))] : [];
}

/** The table behind TO, with its database where that is named. */
function targetOf(tokens: readonly Token[]): string | undefined {
  const at = tokens.findIndex((token) => /^(TO|AS)$/i.test(token.text));
  return tokens[at]?.text.toUpperCase() === "TO" ? dottedName(tokens, at + 1) : undefined;
}

/** What may be another object's name: the columns that a table declares are none. */
function namesIn(kind: ObjectKind, tokens: readonly Token[]): string[] {
  const declaresColumns = kind === "table" || kind === "kafka" || kind === "dictionary";
  const from = declaresColumns && tokens[0]?.text === "(" ? matching(tokens, 0) : 0;
  const names = tokens.slice(from).flatMap((token, i, all) => {
    // A dictionary names its source in quotes, and is itself named so by dictGet and its kind.
    const quoted = kind === "dictionary" || /^dict[A-Z]/.test(all[i - 2]?.text ?? "");
    if (token.kind === "string") return quoted ? [token.text.slice(1, -1)] : [];
    const name = identifier(token);
    if (name === undefined) return [];
    const dotted = dottedName(all, i);
    return dotted === undefined || dotted === name ? [name] : [name, dotted];
  });
  return [...new Set(names)];
}

function dottedName(tokens: readonly Token[], at: number): string | undefined {
  const first = identifier(tokens[at]);
  if (first === undefined || tokens[at + 1]?.text !== ".") return first;
  const second = identifier(tokens[at + 2]);
  if (second === undefined) return first;
  return first === "default" ? second : `${first}.${second}`;
}

function sortByOrder(files: readonly SqlFile[]): SqlFile[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const sorted: SqlFile[] = [];
  const visit = (file: SqlFile, path: readonly SqlFile[]): void => {
    if (sorted.includes(file)) return;
    if (path.includes(file)) {
      const cycle = [...path.slice(path.indexOf(file)), file].map((member) => member.file);
      throw new SqlFileError(file.file, 1, `is part of a cycle: ${cycle.join(" -> ")}.`);
    }
    for (const earlier of file.after) {
      const target = byName.get(earlier);
      if (target) visit(target, [...path, file]);
    }
    sorted.push(file);
  };
  for (const file of files) visit(file, []);
  return sorted;
}
