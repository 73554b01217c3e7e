/** A piece of SQL text. `text` is as written; `line` counts from 1. */
export interface Token {
  kind: "space" | "comment" | "string" | "quoted" | "word" | "placeholder" | "mark";
  text: string;
  line: number;
}

const forms: [Token["kind"], RegExp][] = [
  ["space", /\s+/y],
  ["comment", /--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\//y],
  ["string", /'(?:[^'\\]|\\[\s\S]|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/y],
  ["quoted", /`(?:[^`\\]|\\[\s\S])*`|"(?:[^"\\]|\\[\s\S])*"/y],
  ["placeholder", /\{\s*[A-Za-z_]\w*\s*:\s*[A-Za-z]\w*\s*\}/y],
  ["word", /[A-Za-z_0-9]\w*/y],
  ["mark", /[\s\S]/y],
];

/** Splits ClickHouse SQL into tokens that, put together again, are `sql`. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  while (at < sql.length) {
    for (const [kind, form] of forms) {
      form.lastIndex = at;
      const found = form.exec(sql)?.[0];
      if (found === undefined) continue;
      tokens.push({ kind, text: found, line });
      at += found.length;
      line += found.split("\n").length - 1;
      break;
    }
  }
  return tokens;
}

/** Tokens that mean something: no white space, no comments. */
export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== "space" && token.kind !== "comment");
}

/** The identifier a token stands for, without its quotes; undefined where it is none. */
export function identifier(token: Token | undefined): string | undefined {
  if (token?.kind === "word") return token.text;
  if (token?.kind === "quoted") return token.text.slice(1, -1).replace(/\\([`"\\])/g, "$1");
  return undefined;
}
