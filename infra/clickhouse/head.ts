import { basename } from "node:path";
import { identifier, type Token } from "./lexer";
import { SqlFileError } from "./render";

/**
 * table: holds rows or passes them on. kafka: consumes a topic. view: a materialized view. query: a plain view.
 * access: a user, role, quota, settings profile, row policy or grant.
 */
export type ObjectKind =
  "collection" | "database" | "table" | "kafka" | "view" | "query" | "dictionary" | "access";

const kindWords: [string, ObjectKind][] = [
  ["CREATE NAMED COLLECTION", "collection"],
  ["CREATE DATABASE", "database"],
  ["CREATE TABLE", "table"],
  ["CREATE MATERIALIZED VIEW", "view"],
  ["CREATE VIEW", "query"],
  ["CREATE DICTIONARY", "dictionary"],
  ["CREATE USER", "access"],
  ["CREATE ROLE", "access"],
  ["CREATE QUOTA", "access"],
  ["CREATE SETTINGS PROFILE", "access"],
  ["CREATE ROW POLICY", "access"],
  ["GRANT", "access"],
];

export interface Head {
  name: string;
  kind: ObjectKind;
  /** What comes behind the name. */
  rest: Token[];
}

/**
 * What a statement declares. A grant has no name of its own and takes the file's.
 * @throws SqlFileError where it declares nothing that a file may, or not what the file is named after.
 */
export function headOf(file: string, tokens: readonly Token[]): Head {
  const words = (count: number) =>
    tokens
      .slice(0, count)
      .map((token) => token.text.toUpperCase())
      .join(" ");
  const [form, kind] =
    kindWords.find(([candidate]) => words(candidate.split(" ").length) === candidate) ?? [];
  if (form === undefined || kind === undefined) {
    const found = JSON.stringify(
      tokens
        .slice(0, 3)
        .map((token) => token.text)
        .join(" "),
    );
    const allowed = kindWords.map(([candidate]) => candidate).join(", ");
    throw new SqlFileError(
      file,
      tokens[0]?.line ?? 1,
      `begins with ${found}. Allowed: ${allowed}, and then the name.`,
    );
  }
  const stem = basename(file, ".sql");
  const nameAt = form.split(" ").length;
  if (form === "GRANT") return { name: stem, kind, rest: tokens.slice(nameAt) };

  const first = identifier(tokens[nameAt]);
  const dotted = tokens[nameAt + 1]?.text === "." ? identifier(tokens[nameAt + 2]) : undefined;
  const name = dotted === undefined ? first : `${first}.${dotted}`;
  if (name === undefined || name !== stem) {
    throw new SqlFileError(
      file,
      tokens[nameAt]?.line ?? 1,
      `declares ${name ?? "nothing"}, but the file is named ${basename(file)}. Name the file after the object.`,
    );
  }
  const rest = tokens.slice(nameAt + (dotted === undefined ? 1 : 3));
  return { name, kind: kind === "table" && isKafka(rest) ? "kafka" : kind, rest };
}

function isKafka(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token, i) =>
      token.text.toUpperCase() === "ENGINE" &&
      tokens.slice(i + 1, i + 3).some((following) => following.text.toUpperCase() === "KAFKA"),
  );
}
