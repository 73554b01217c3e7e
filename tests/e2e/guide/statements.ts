import { significant, tokenize } from "../../../infra/clickhouse/lexer";

export type Language = "bash" | "sql" | "python";

/** The statements of a snippet, each as it stands there. A Python snippet is one. */
export function splitStatements(language: Language, code: string): string[] {
  switch (language) {
    case "bash":
      return splitCommands(code);
    case "sql":
      return splitSql(code);
    case "python":
      return [code];
  }
}

/** Shell commands: a command goes on behind a backslash, inside double quotes, and through a here-document. */
function splitCommands(code: string): string[] {
  const commands: string[] = [];
  let current: string[] = [];
  let until: string | undefined;
  for (const line of code.split("\n")) {
    if (current.length === 0 && /^\s*(#|$)/.test(line)) continue;
    current.push(line);
    if (until === undefined) until = /<<(\w+)$/.exec(line)?.[1];
    else if (line === until) until = undefined;
    const quotes = current.join("\n").match(/"/g)?.length ?? 0;
    if (until !== undefined || quotes % 2 === 1 || line.endsWith("\\")) continue;
    commands.push(current.join("\n"));
    current = [];
  }
  return commands;
}

function splitSql(code: string): string[] {
  const statements: string[] = [];
  let current: ReturnType<typeof tokenize> = [];
  for (const token of tokenize(code)) {
    current.push(token);
    if (token.text !== ";") continue;
    if (significant(current).length > 1)
      statements.push(
        current
          .map(({ text }) => text)
          .join("")
          .trim(),
      );
    current = [];
  }
  return statements;
}
