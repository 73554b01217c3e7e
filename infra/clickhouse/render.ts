import { tokenize, type Token } from "./lexer";

/** A fault in a SQL file, named by file and line. */
export class SqlFileError extends Error {
  readonly code = "SQL_FILE_INVALID";
  constructor(
    readonly file: string,
    readonly line: number,
    readonly problem: string,
  ) {
    super(`${file}:${line}: ${problem}`);
  }
}

export type PlaceholderValues = Readonly<Record<string, string | number>>;

/**
 * Puts `values` into the placeholders of `sql`, written `{name:Type}` with a Type of
 * String or Secret (a quoted literal), UInt64 (a whole number) or Identifier (a quoted name).
 * @throws SqlFileError where a placeholder has no value, an unknown type, or a value that is not of its type.
 */
export function renderSql(sql: string, values: PlaceholderValues, file: string): string {
  return tokenize(sql)
    .map((token) =>
      token.kind === "placeholder" ? renderPlaceholder(token, values, file) : token.text,
    )
    .join("");
}

/** Names of the placeholders in `sql`, each once. */
export function placeholderNames(sql: string): string[] {
  const names = tokenize(sql)
    .filter((token) => token.kind === "placeholder")
    .map((token) => parsePlaceholder(token).name);
  return [...new Set(names)];
}

/** Name and type of a placeholder. */
export function parsePlaceholder(token: Token): { name: string; type: string } {
  const [name = "", type = ""] = token.text.slice(1, -1).split(":");
  return { name: name.trim(), type: type.trim() };
}

function renderPlaceholder(token: Token, values: PlaceholderValues, file: string): string {
  const { name, type } = parsePlaceholder(token);
  const value = values[name];
  if (value === undefined) {
    const known = Object.keys(values).sort().join(", ");
    throw new SqlFileError(
      file,
      token.line,
      `placeholder ${token.text} has no value. There are: ${known}.`,
    );
  }
  switch (type) {
    case "String":
    case "Secret":
      return quoteString(String(value));
    case "Identifier":
      return quoteIdentifier(String(value));
    case "UInt64":
      if (/^\d+$/.test(String(value))) return String(value);
      throw new SqlFileError(
        file,
        token.line,
        `placeholder ${token.text} takes a whole number, not ${JSON.stringify(value)}.`,
      );
    default:
      throw new SqlFileError(
        file,
        token.line,
        `placeholder ${token.text} has an unknown type. There are: String, Secret, UInt64, Identifier.`,
      );
  }
}

/** `text` as a ClickHouse string literal. */
export function quoteString(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
}

/** `name` as a quoted ClickHouse identifier. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replace(/\\/g, "\\\\").replace(/`/g, "\\`")}\``;
}

/** `name`, with its database before a dot where it has one, quoted. */
export function quoteName(name: string): string {
  return name.split(".").map(quoteIdentifier).join(".");
}
