import { significant, tokenize, type Token } from "../../../clickhouse/lexer";

/** One statement of a text, and the data that follows an INSERT in it. */
export interface Piece {
  /** The statement, with an INSERT's data behind it. */
  text: string;
  /** Whether it is an INSERT ... FORMAT without data: that comes from standard input. */
  wantsData: boolean;
  /** Whether it ended with `\G`: each column on a line of its own. */
  vertical: boolean;
}

/**
 * Cuts a text into statements at semicolons outside quotes and comments. Data behind INSERT ... FORMAT goes up
 * to an empty line, a line with a semicolon alone, or the end; data of VALUES to the semicolon.
 */
export function splitStatements(text: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  while (rest.trim() !== "") {
    const { piece, length } = firstPiece(rest);
    if (piece !== undefined) pieces.push(piece);
    rest = rest.slice(length);
  }
  return pieces;
}

/** Whether the text holds a statement that its semicolon, or `\G`, ends. */
export function isComplete(text: string): boolean {
  const tokens = tokenize(text);
  // A quote that stands alone is one that is still open.
  if (tokens.some((token) => token.kind === "mark" && /['"`]/.test(token.text))) return false;
  const last = significant(tokens).at(-1);
  return last?.text === ";" || /\\G\s*$/.test(text);
}

function firstPiece(text: string): { piece: Piece | undefined; length: number } {
  let at = 0;
  let depth = 0;
  const seen: Token[] = [];
  for (const token of tokenize(text)) {
    at += token.text.length;
    if (token.kind === "space" || token.kind === "comment") continue;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (token.text === ";") return { piece: pieceOf(text.slice(0, at - 1), seen), length: at };
    const previous = seen.at(-1);
    seen.push(token);
    if (previous?.text === "\\" && token.text === "G") {
      const piece = pieceOf(text.slice(0, at - 2), seen.slice(0, -2));
      return { piece: piece && { ...piece, vertical: true }, length: at };
    }
    const isInsert = /^INSERT$/i.test(seen[0]?.text ?? "");
    const names = depth === 0 && /^FORMAT$/i.test(previous?.text ?? "") && token.kind === "word";
    if (isInsert && names && !/^VALUES$/i.test(token.text)) return insert(text, at);
  }
  return { piece: pieceOf(text, seen), length: text.length };
}

function pieceOf(text: string, tokens: readonly Token[]): Piece | undefined {
  if (tokens.length === 0) return undefined;
  // INSERT INTO t VALUES, and nothing behind it.
  const wantsData =
    /^INSERT$/i.test(tokens[0]?.text ?? "") && /^VALUES$/i.test(tokens.at(-1)?.text ?? "");
  return { text: text.trim(), wantsData, vertical: false };
}

function insert(text: string, at: number): { piece: Piece; length: number } {
  const data = text.slice(at);
  const end = /\r?\n[ \t]*;?[ \t]*\r?\n|\r?\n[ \t]*;[ \t]*$|^[ \t]*;/.exec(data);
  const own = end ? data.slice(0, end.index) : data;
  const length = at + (end ? end.index + end[0].length : data.length);
  const empty = own.trim() === "";
  const whole = empty ? text.slice(0, at) : text.slice(0, at) + own;
  return { piece: { text: whole.trimStart(), wantsData: empty, vertical: false }, length };
}
