import { significant, tokenize, type Token } from "../../../clickhouse/lexer";
import { DoorError } from "./errors";

/** Longest head of an INSERT that is looked at for its FORMAT; data begins behind it. */
export const HEAD_BYTES = 256 * 1024;
/** Heads are short, and looking at data as if it were SQL costs time: a second look is rarely needed. */
const SHORT_HEAD_BYTES = 8 * 1024;

/** What the door has to know of a statement before the engine sees it. */
export interface Statement {
  /** First word, in capitals. */
  verb: string;
  /** The statement, or of an INSERT with data the part before the data. */
  sql: string;
  /** The FORMAT that the statement itself names. */
  format: string | undefined;
  /** Whether it is an INSERT that takes data. */
  takesData: boolean;
  /** Data that came behind an INSERT in the same text. */
  inlineData: Buffer | undefined;
}

/** Whether the text begins as an INSERT does, of which the door reads the head only. */
export function isInsert(text: Buffer): boolean {
  return verbOf(tokenize(text.subarray(0, SHORT_HEAD_BYTES).toString("latin1"))) === "INSERT";
}

/**
 * Looks at a request's text. An INSERT's data is cut off as bytes, so that binary formats stay whole.
 * @throws DoorError 62 for a second statement, as the official server gives.
 */
export function parseStatement(text: Buffer): Statement {
  if (isInsert(text)) {
    return (
      parseInsert(text, SHORT_HEAD_BYTES) ?? parseInsert(text, HEAD_BYTES) ?? plainInsert(text)
    );
  }
  const sql = text.toString("utf8");
  const tokens = tokenize(sql);
  const meaning = significant(tokens);
  const end = meaning.findIndex((token) => token.text === ";");
  if (meaning.slice(end + 1).some((token) => end !== -1 && token.text !== ";")) {
    const line = meaning[end]?.line ?? 1;
    throw new DoorError(
      62,
      "SYNTAX_ERROR",
      `Syntax error (Multi-statements are not allowed): failed at line ${line} (;)`,
    );
  }
  const body = (end === -1 ? sql : textBefore(tokens, ";")).trimEnd();
  return {
    verb: verbOf(meaning),
    sql: body,
    format: formatOf(meaning.filter((token) => token.text !== ";")),
    takesData: false,
    inlineData: undefined,
  };
}

function verbOf(tokens: readonly Token[]): string {
  return significant(tokens)[0]?.text.toUpperCase() ?? "";
}

function textBefore(tokens: readonly Token[], mark: string): string {
  const end = tokens.findIndex((token) => token.kind === "mark" && token.text === mark);
  return tokens
    .slice(0, end)
    .map((token) => token.text)
    .join("");
}

/**
 * `INSERT INTO ... FORMAT Name data`, where the data begins behind the name and one line break or space, and
 * `INSERT INTO ... VALUES data`. Undefined where `headBytes` of it show no data.
 */
function parseInsert(text: Buffer, headBytes: number): Statement | undefined {
  const head = text.subarray(0, headBytes).toString("latin1");
  let at = 0;
  let depth = 0;
  let before: Token | undefined;
  let selects = false;
  let readsInput = false;
  for (const token of tokenize(head)) {
    const start = at;
    at += token.text.length;
    if (token.kind === "space" || token.kind === "comment") continue;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (token.text === "(" && before?.text.toLowerCase() === "input") readsInput = true;
    if (depth === 0 && /^(SELECT|WITH)$/i.test(token.text)) selects = true;
    // A SELECT carries its rows itself, unless it reads them from input().
    const mayTakeData = depth === 0 && token.kind === "word" && (!selects || readsInput);
    // What the head's last byte cuts may be half a name.
    const whole = at < head.length || head.length === text.length;
    if (mayTakeData && whole && before?.text.toUpperCase() === "FORMAT") {
      const sql = text.subarray(0, at).toString("utf8");
      return withData(sql, token.text, text.subarray(at), /^[ \t]*;?[ \t]*(\r?\n)?/);
    }
    if (mayTakeData && !selects && token.text.toUpperCase() === "VALUES") {
      const sql = `${text.subarray(0, start).toString("utf8")}FORMAT Values`;
      return withData(sql, "Values", text.subarray(at), /^\s*/);
    }
    before = token;
  }
  return undefined;
}

function withData(sql: string, format: string, rest: Buffer, gap: RegExp): Statement {
  const skipped = gap.exec(rest.subarray(0, 64).toString("latin1"))?.[0].length ?? 0;
  const data = rest.subarray(skipped);
  return {
    verb: "INSERT",
    sql,
    format,
    takesData: true,
    inlineData: data.length > 0 ? data : undefined,
  };
}

/** An INSERT with its rows in a SELECT. */
function plainInsert(text: Buffer): Statement {
  const sql = text.toString("utf8").replace(/;\s*$/, "");
  return { verb: "INSERT", sql, format: undefined, takesData: false, inlineData: undefined };
}

/** The last FORMAT at the statement's own level, with a name and at most SETTINGS behind it. */
function formatOf(tokens: readonly Token[]): string | undefined {
  let depth = 0;
  let found: string | undefined;
  tokens.forEach((token, i) => {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    const name = tokens[i + 1];
    const next = tokens[i + 2];
    const ends = next === undefined || next.text.toUpperCase() === "SETTINGS";
    const isFormat = token.kind === "word" && token.text.toUpperCase() === "FORMAT";
    if (depth === 0 && isFormat && name?.kind === "word" && ends) found = name.text;
  });
  return found;
}
