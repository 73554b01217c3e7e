import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { identifier, significant, tokenize, type Token } from "./lexer";
import { placeholderNames, SqlFileError } from "./render";

export type ObjectKind = "collection" | "table" | "kafka" | "view";

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
}

const kindWords: [RegExp, ObjectKind][] = [
  [/^CREATE NAMED COLLECTION$/, "collection"],
  [/^CREATE TABLE$/, "table"],
  [/^CREATE (MATERIALIZED )?VIEW$/, "view"],
];

/**
 * Reads every `*.sql` file of `directory`, one statement each, sorted so that an object comes after
 * those it names.
 * @throws SqlFileError for a file that is not one CREATE statement of its own name, or a cycle.
 */
export function readCatalog(directory: string): SqlFile[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => parseFile(join("sql", file), readFileSync(join(directory, file), "utf8")));
  const names = new Set(files.map((file) => file.name));
  return sortByReference(
    files.map((file) => ({
      ...file,
      references: file.words.filter((word) => word !== file.name && names.has(word)),
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

function parseFile(file: string, sql: string): Omit<SqlFile, "references"> & { words: string[] } {
  const tokens = significant(tokenize(sql));
  const end = tokens.findIndex((token) => token.text === ";");
  const next = end === -1 ? undefined : tokens[end + 1];
  if (next)
    throw new SqlFileError(
      file,
      next.line,
      "a second statement begins here. One statement a file.",
    );

  const { kind, nameAt } = head(file, tokens);
  const name = identifier(tokens[nameAt]);
  if (name !== basename(file, ".sql")) {
    throw new SqlFileError(
      file,
      tokens[nameAt]?.line ?? 1,
      `declares ${name ?? "nothing"}, but the file is named ${basename(file)}. Name the file after the object.`,
    );
  }
  const words = [...new Set(tokens.flatMap((token) => identifier(token) ?? []))];
  return { name, kind: kind === "table" && isKafka(tokens) ? "kafka" : kind, file, sql, words };
}

function head(file: string, tokens: readonly Token[]): { kind: ObjectKind; nameAt: number } {
  for (let length = 2; length <= 3; length++) {
    const words = tokens
      .slice(0, length)
      .map((token) => token.text.toUpperCase())
      .join(" ");
    const kind = kindWords.find(([form]) => form.test(words))?.[1];
    if (kind) return { kind, nameAt: length };
  }
  const found = tokens
    .slice(0, 3)
    .map((token) => token.text)
    .join(" ");
  throw new SqlFileError(
    file,
    tokens[0]?.line ?? 1,
    `begins with ${JSON.stringify(found)}. Allowed: CREATE TABLE, CREATE MATERIALIZED VIEW, CREATE VIEW or CREATE NAMED COLLECTION, and then the name.`,
  );
}

function isKafka(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token, i) =>
      token.text.toUpperCase() === "ENGINE" &&
      tokens.slice(i + 1, i + 3).some((following) => following.text.toUpperCase() === "KAFKA"),
  );
}

function sortByReference(files: readonly SqlFile[]): SqlFile[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const sorted: SqlFile[] = [];
  const visit = (file: SqlFile, path: readonly SqlFile[]): void => {
    if (sorted.includes(file)) return;
    if (path.includes(file)) {
      const cycle = [...path.slice(path.indexOf(file)), file].map((member) => member.file);
      throw new SqlFileError(file.file, 1, `is part of a cycle: ${cycle.join(" -> ")}.`);
    }
    for (const reference of file.references) {
      const target = byName.get(reference);
      if (target) visit(target, [...path, file]);
    }
    sorted.push(file);
  };
  for (const file of files) visit(file, []);
  return sorted;
}
