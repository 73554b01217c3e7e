import { identifier, significant, tokenize, type Token } from "./lexer";

/** `sql` without comments, line breaks and its closing semicolon, so that only a change of meaning is a change. */
export function canonicalText(sql: string): string {
  const tokens = tokenize(sql).filter((token) => token.kind !== "comment");
  const text = tokens.map((token) => (token.kind === "space" ? " " : token.text)).join("");
  return text
    .trim()
    .replace(/\s*;$/, "")
    .replace(/ {2,}(?=(?:[^']*'[^']*')*[^']*$)/g, " ");
}

/** A view's statement in two parts: all before its query, and the query. */
export function splitView(statement: string): { head: string; query: string } {
  const tokens = tokenize(statement);
  const as = tokens.findIndex(
    (token, i) =>
      token.kind === "word" &&
      token.text.toUpperCase() === "AS" &&
      /^(SELECT|WITH|\()/i.test(nextSignificant(tokens, i)?.text ?? ""),
  );
  if (as === -1) return { head: statement, query: "" };
  const join = (part: Token[]) =>
    part
      .map((token) => token.text)
      .join("")
      .trim();
  return { head: join(tokens.slice(0, as)), query: join(tokens.slice(as + 1)) };
}

/** The settings of a CREATE NAMED COLLECTION statement, in their order: key as written, value as written. */
export function collectionSettings(statement: string): { key: string; value: string }[] {
  const tokens = significant(tokenize(statement));
  const settings: { key: string; value: string }[] = [];
  tokens.forEach((token, i) => {
    if (token.text !== "=") return;
    const value = tokens[i + 1]?.text ?? "";
    // A dotted key comes as several tokens: everything back to the comma, or to AS.
    let start = i - 1;
    while (start >= 0 && tokens[start]?.text !== "," && tokens[start]?.text.toUpperCase() !== "AS")
      start--;
    const key = tokens
      .slice(start + 1, i)
      .map((part) => part.text)
      .join("");
    settings.push({ key, value });
  });
  return settings;
}

/** `statement`, a CREATE TABLE, under another name. */
export function renameTable(statement: string, name: string): string {
  const tokens = tokenize(statement);
  const meaningful = tokens.flatMap((token, i) =>
    token.kind === "space" || token.kind === "comment" ? [] : [i],
  );
  const first = meaningful[2] ?? 0;
  const qualified =
    tokens[meaningful[3] ?? 0]?.text === "." && identifier(tokens[first]) !== undefined;
  const last = qualified ? (meaningful[4] ?? first) : first;
  return [
    ...tokens.slice(0, first).map((t) => t.text),
    name,
    ...tokens.slice(last + 1).map((t) => t.text),
  ].join("");
}

function nextSignificant(tokens: readonly Token[], after: number): Token | undefined {
  return tokens
    .slice(after + 1)
    .find((token) => token.kind !== "space" && token.kind !== "comment");
}
