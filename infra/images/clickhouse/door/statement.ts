import { significant, tokenize, type Token } from "../../../clickhouse/lexer";
import { DoorError } from "./errors";

/** Longest head of an INSERT that is looked at for its FORMAT; data begins behind it. */
const HEAD_BYTES = 256 * 1024;

/** What the door has to know of a statement before the engine sees it. */
export interface Statement {
  /** First word, in capitals. */
  verb: string;
  /** The statement, or of an INSERT with data the part before the data. */
  sql: string;
  /** The FORMAT that the statement itself names. */
  format: string | undefined;
  /** Data that came behind an INSERT in the same text. */
  inlineData: Buffer | undefined;
}

/** Statements that only read. A reader, and any GET request, may use no others. */
const READING = new Set([
  "SELECT",
  "WITH",
  "(",
  "SHOW",
  "DESCRIBE",
  "DESC",
  "EXISTS",
  "EXPLAIN",
  "USE",
  "SET",
]);

/**
 * Looks at a request's text. An INSERT's data is cut off as bytes, so that binary formats stay whole.
 * @throws DoorError 62 for a second statement, as the official server gives.
 */
export function parseStatement(text: Buffer): Statement {
  const head = text.subarray(0, HEAD_BYTES).toString("latin1");
  const headTokens = tokenize(head);
  const verb = verbOf(headTokens);
  if (verb === "INSERT") return parseInsert(text, headTokens);

  const sql = text.toString("utf8");
  const tokens = significant(tokenize(sql));
  const end = tokens.findIndex((token) => token.text === ";");
  if (end !== -1 && tokens[end + 1]) {
    throw new DoorError(
      62,
      "SYNTAX_ERROR",
      `Syntax error (Multi-statements are not allowed): failed at line ${tokens[end]?.line ?? 1}: ;`,
    );
  }
  const whole = end === -1 ? sql : sql.replace(/;\s*((--[^\n]*|\/\*[\s\S]*?\*\/)\s*)*$/, "");
  return { verb, sql: whole, format: formatOf(tokens), inlineData: undefined };
}

export function onlyReads(statement: Statement): boolean {
  return READING.has(statement.verb);
}

/** Whether the statement would change roles, which readonly does not stop. */
export function changesRole(statement: Statement): boolean {
  const words = significant(tokenize(statement.sql))
    .slice(0, 3)
    .map((token) => token.text.toUpperCase());
  return words[0] === "SET" && (words[1] === "ROLE" || words[2] === "ROLE");
}

function verbOf(tokens: readonly Token[]): string {
  return significant(tokens)[0]?.text.toUpperCase() ?? "";
}

/** `INSERT INTO ... FORMAT Name data`: the data begins behind the name and one line break or space. */
function parseInsert(text: Buffer, tokens: readonly Token[]): Statement {
  let at = 0;
  let depth = 0;
  let words: Token[] = [];
  for (const token of tokens) {
    at += token.text.length;
    if (token.kind === "space" || token.kind === "comment") continue;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    words = [...words.slice(-1), token];
    const [before, name] = words;
    const isFormat =
      depth === 0 && before?.text.toUpperCase() === "FORMAT" && name?.kind === "word";
    if (isFormat && name.text.toUpperCase() !== "VALUES") return splitAt(text, at, name.text);
    // VALUES and SELECT carry their rows themselves.
    if (depth === 0 && /^(VALUES|SELECT|WITH)$/i.test(token.text)) break;
  }
  return { verb: "INSERT", sql: text.toString("utf8"), format: undefined, inlineData: undefined };
}

function splitAt(text: Buffer, at: number, format: string): Statement {
  const rest = text.subarray(at);
  const gap =
    /^[ \t]*;?[ \t]*(\r?\n)?/.exec(rest.subarray(0, 64).toString("latin1"))?.[0].length ?? 0;
  const data = rest.subarray(gap);
  return {
    verb: "INSERT",
    sql: text.subarray(0, at).toString("utf8"),
    format,
    inlineData: data.length > 0 ? data : undefined,
  };
}

function formatOf(tokens: readonly Token[]): string | undefined {
  let found: string | undefined;
  tokens.forEach((token, i) => {
    if (
      token.kind === "word" &&
      token.text.toUpperCase() === "FORMAT" &&
      tokens[i + 1]?.kind === "word"
    ) {
      found = tokens[i + 1]?.text;
    }
  });
  return found;
}
