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

/** A materialized view's target and query. Columns, definer and comment between them follow from those. */
export function viewParts(statement: string): { target: string; query: string } {
  const tokens = tokenize(statement);
  const as = tokens.findIndex(
    (token, i) =>
      token.kind === "word" &&
      token.text.toUpperCase() === "AS" &&
      /^(SELECT|WITH|\()/i.test(nextSignificant(tokens, i)?.text ?? ""),
  );
  const to = tokens.findIndex(
    (token) => token.kind === "word" && token.text.toUpperCase() === "TO",
  );
  const behind = tokens.slice(to + 1).filter((token) => token.kind !== "space");
  const [first, dot, second] = behind;
  const name = dot?.text === "." ? [first, second] : [first];
  return {
    target: to === -1 ? "" : name.map((token) => identifier(token) ?? "").join("."),
    query: as === -1 ? "" : textOf(tokens.slice(as + 1)),
  };
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => token.text)
    .join("")
    .trim();
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

/** The same as they are meant: keys without quotes, and texts without theirs. */
export function collectionValues(statement: string): Record<string, string> {
  return Object.fromEntries(
    collectionSettings(statement).map(({ key, value }) => [
      key.replace(/[`"]/g, ""),
      value.startsWith("'")
        ? value.slice(1, -1).replace(/\\(.)|''/gs, (_, one = "'") => String(one))
        : value,
    ]),
  );
}

/**
 * `statement`, a CREATE of a table, view or dictionary, under another name.
 * @param name as it is to stand in the statement, quoted where need be.
 */
export function renameObject(statement: string, name: string): string {
  const tokens = tokenize(statement);
  const meaningful = tokens.flatMap((token, i) =>
    token.kind === "space" || token.kind === "comment" ? [] : [i],
  );
  const at = meaningful.findIndex((i) => /^(TABLE|VIEW|DICTIONARY)$/i.test(tokens[i]?.text ?? ""));
  const first = meaningful[at + 1] ?? 0;
  const qualified =
    tokens[meaningful[at + 2] ?? 0]?.text === "." && identifier(tokens[first]) !== undefined;
  const last = qualified ? (meaningful[at + 3] ?? first) : first;
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

/** The first table that a view's query reads, its database too unless that is `default`. */
export function sourceOf(viewStatement: string): string {
  const tokens = significant(tokenize(viewParts(viewStatement).query));
  const at = tokens.findIndex((token) => token.text.toUpperCase() === "FROM");
  const [first, dot, second] = tokens.slice(at + 1);
  const names = [identifier(first), dot?.text === "." ? identifier(second) : undefined];
  return names.filter((name) => name !== undefined && name !== "default").join(".");
}

/** `query` with `replacement`, a bracketed query, wherever it reads `table`. */
export function readingFrom(query: string, table: string, replacement: string): string {
  const [last = "", database = "default"] = table.split(".").reverse();
  const alias = `\`${last}\``;
  const tokens = tokenize(query);
  let text = "";
  for (let i = 0; i < tokens.length; i++) {
    const [first, dot, second] = tokens.slice(i, i + 3);
    const reads = /^(FROM|JOIN)$/i.test(previousSignificant(tokens, i)?.text ?? "");
    const qualified =
      identifier(first) === database && dot?.text === "." && identifier(second) === last;
    if (reads && (qualified || (identifier(first) === last && dot?.text !== "."))) {
      const named = /^AS$/i.test(nextSignificant(tokens, i + (qualified ? 2 : 0))?.text ?? "");
      text += named ? replacement : `${replacement} AS ${alias}`;
      i += qualified ? 2 : 0;
    } else text += first?.text ?? "";
  }
  return text;
}

function previousSignificant(tokens: readonly Token[], before: number): Token | undefined {
  return tokens
    .slice(0, before)
    .reverse()
    .find((token) => token.kind !== "space" && token.kind !== "comment");
}
