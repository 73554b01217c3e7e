import { identifier, significant, tokenize, type Token } from "./lexer";

/** A column, each part in the engine's words and empty where it is absent. */
export interface Column {
  name: string;
  type: string;
  /** DEFAULT, MATERIALIZED, EPHEMERAL or ALIAS. */
  defaultKind: string;
  defaultExpression: string;
  comment: string;
  codec: string;
  ttl: string;
  settings: string;
}

/** An index, projection or constraint: its name, and everything behind the name. */
export interface Element {
  name: string;
  text: string;
}

/** A table as its CREATE statement declares it, in the words the statement has. */
export interface TableDefinition {
  columns: Column[];
  indices: Element[];
  projections: Element[];
  constraints: Element[];
  engine: string;
  partitionKey: string;
  sortingKey: string;
  primaryKey: string;
  samplingKey: string;
  ttl: string;
  settings: Record<string, string>;
  /** A literal with its quotes. */
  comment: string;
}

const columnWords = [
  "DEFAULT",
  "MATERIALIZED",
  "EPHEMERAL",
  "ALIAS",
  "COMMENT",
  "CODEC",
  "TTL",
  "SETTINGS",
];
const tableWords = [
  "ENGINE",
  "PARTITION BY",
  "PRIMARY KEY",
  "ORDER BY",
  "SAMPLE BY",
  "TTL",
  "SETTINGS",
  "COMMENT",
];

/** Takes a CREATE TABLE statement apart. Meant for the engine's own wording: one that parses. */
export function parseTable(statement: string): TableDefinition {
  const tokens = tokenize(statement).filter(
    (token) => token.kind !== "comment" && token.text !== ";",
  );
  const open = tokens.findIndex((token) => token.text === "(");
  const close = matching(tokens, open);
  const parts = splitAtCommas(tokens.slice(open + 1, close)).map(trim);
  const clauses = clausesOf(tokens.slice(close + 1), tableWords);
  const sortingKey = bare(clauses["ORDER BY"] ?? "");
  return {
    columns: parts.filter((part) => elementKind(part) === undefined).map(parseColumn),
    indices: elements(parts, "INDEX"),
    projections: elements(parts, "PROJECTION"),
    constraints: elements(parts, "CONSTRAINT"),
    engine: (clauses["ENGINE"] ?? "").replace(/^=\s*/, "").replace(/\(\)$/, ""),
    partitionKey: clauses["PARTITION BY"] ?? "",
    sortingKey,
    primaryKey: bare(clauses["PRIMARY KEY"] ?? "") || sortingKey,
    samplingKey: clauses["SAMPLE BY"] ?? "",
    ttl: clauses["TTL"] ?? "",
    settings: parseSettings(clauses["SETTINGS"] ?? ""),
    comment: clauses["COMMENT"] ?? "",
  };
}

/** `key = value` pairs, values as written. */
export function parseSettings(text: string): Record<string, string> {
  const pairs = splitAtCommas(tokenize(text)).map((part) => {
    const at = part.findIndex((token) => token.text === "=");
    return [textOf(part.slice(0, at)).replace(/[`"]/g, ""), textOf(part.slice(at + 1))] as const;
  });
  return Object.fromEntries(pairs.filter(([key]) => key !== ""));
}

function parseColumn(tokens: readonly Token[]): Column {
  const [first, ...rest] = trim(tokens);
  const clauses = clausesOf(rest, columnWords);
  const defaultKind =
    ["DEFAULT", "MATERIALIZED", "EPHEMERAL", "ALIAS"].find((word) => word in clauses) ?? "";
  return {
    name: identifier(first) ?? "",
    type: clauses[""] ?? "",
    defaultKind,
    defaultExpression: defaultKind === "" ? "" : (clauses[defaultKind] ?? ""),
    comment: clauses["COMMENT"] ?? "",
    codec: clauses["CODEC"] === undefined ? "" : `CODEC${clauses["CODEC"]}`,
    ttl: clauses["TTL"] ?? "",
    settings: clauses["SETTINGS"] ?? "",
  };
}

function elementKind(part: readonly Token[]): string | undefined {
  const [first, second] = significant(part);
  const word = first?.kind === "word" ? first.text.toUpperCase() : "";
  // A column may be named `index`: the engine quotes it.
  return second && ["INDEX", "PROJECTION", "CONSTRAINT", "PRIMARY"].includes(word)
    ? word
    : undefined;
}

function elements(parts: readonly (readonly Token[])[], kind: string): Element[] {
  return parts
    .filter((part) => elementKind(part) === kind)
    .map((part) => {
      const rest = trim(trim(part).slice(1));
      return { name: identifier(rest[0]) ?? "", text: textOf(rest.slice(1)) };
    });
}

/** The text behind each of `words` that stands outside brackets; the text before the first under "". */
function clausesOf(tokens: readonly Token[], words: readonly string[]): Record<string, string> {
  const found: Record<string, Token[]> = {};
  let current: Token[] = (found[""] = []);
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) continue;
    if (token.text === "(" || token.text === "[") depth++;
    if (token.text === ")" || token.text === "]") depth--;
    const word = depth === 0 && token.kind === "word" ? clauseAt(tokens, i, words) : undefined;
    if (word === undefined || word in found) {
      current.push(token);
      continue;
    }
    current = found[word] = [];
    i += word.includes(" ") ? 2 : 0;
  }
  return Object.fromEntries(Object.entries(found).map(([word, part]) => [word, textOf(part)]));
}

function clauseAt(
  tokens: readonly Token[],
  at: number,
  words: readonly string[],
): string | undefined {
  const one = tokens[at]?.text.toUpperCase() ?? "";
  const two = `${one} ${tokens[at + 2]?.text.toUpperCase() ?? ""}`;
  return words.find((word) => word === two) ?? words.find((word) => word === one);
}

/** Index of the bracket that closes the one at `open`. */
export function matching(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.text === "(") depth++;
    if (tokens[i]?.text === ")" && --depth === 0) return i;
  }
  return tokens.length;
}

export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(" || token.text === "[") depth++;
    if (token.text === ")" || token.text === "]") depth--;
    if (token.text === "," && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => trim(part).length > 0);
}

function trim(tokens: readonly Token[]): Token[] {
  const start = tokens.findIndex((token) => token.kind !== "space");
  if (start === -1) return [];
  let end = tokens.length;
  while (tokens[end - 1]?.kind === "space") end--;
  return tokens.slice(start, end);
}

function textOf(tokens: readonly Token[]): string {
  return trim(tokens)
    .map((token) => (token.kind === "space" ? " " : token.text))
    .join("");
}

/** `(a, b)` as `a, b`: a key of one column comes without brackets. */
function bare(key: string): string {
  return key.startsWith("(") && matching(tokenize(key), 0) === tokenize(key).length - 1
    ? key.slice(1, -1)
    : key;
}
