import { identifier, tokenize, type Token } from "./lexer";

/** The database in which `sql/` is understood, and of which definitions speak. */
export const UNDERSTOOD_IN = "default";

/** `sql` with what it names in the database `from` named in `to`, which needs no quotes. */
export function inDatabase(sql: string, from: string, to: string): string {
  if (from === to) return sql;
  const tokens = tokenize(sql);
  return tokens.map((token, i) => (namesDatabase(tokens, i, from) ? to : token.text)).join("");
}

/** Whether the files would mean something else by that name, so that it cannot be a database's. */
export function isNamedIn(sql: string, name: string): boolean {
  return tokenize(sql).some((token) => identifier(token) === name);
}

function namesDatabase(tokens: readonly Token[], at: number, name: string): boolean {
  const isFirst = tokens[at - 1]?.text !== ".";
  return isFirst && identifier(tokens[at]) === name && tokens[at + 1]?.text === ".";
}
