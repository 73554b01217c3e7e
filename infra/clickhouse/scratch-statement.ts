import { identifier, significant, tokenize } from "./lexer";

/**
 * The statement as a single engine can run it: a replicated table as the plain one it is at each replica.
 * Everything else is as declared.
 */
export function forScratch(statement: string): string {
  return statement.replace(
    /\bReplicated(\w*MergeTree)(\s*\(\s*'[^']*'\s*,\s*'[^']*'\s*(?:,\s*)?)?/,
    (_all, engine: string, path?: string) => (path === undefined ? engine : `${engine}(`),
  );
}

/** Names of the clusters that Distributed tables among `statements` spread over. */
export function clustersIn(statements: readonly string[]): string[] {
  const names = statements.flatMap((statement) => clusterOf(statement) ?? []);
  return [...new Set(names)].filter((name) => /^[A-Za-z_]\w*$/.test(name));
}

/** The cluster of a Distributed table; undefined for any other statement. */
export function clusterOf(statement: string): string | undefined {
  const tokens = significant(tokenize(statement));
  const at = tokens.findIndex(
    (token, i) => token.text === "Distributed" && tokens[i + 1]?.text === "(",
  );
  const cluster = tokens[at + 2];
  if (at === -1 || cluster === undefined) return undefined;
  return cluster.kind === "string" ? cluster.text.slice(1, -1) : identifier(cluster);
}
