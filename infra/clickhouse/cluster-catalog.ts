import { inOrder, parseFile, type SqlFile } from "./catalog";
import { CLUSTER, onShard, SHARD_DATABASE } from "./cluster";
import { parseTable } from "./definition";
import { identifier, significant, tokenize, type Token } from "./lexer";
import { NO_POLICY } from "./policy";
import { renameObject, sourceOf, viewParts } from "./statement";

type Parsed = ReturnType<typeof parseFile>;

const ENGINE =
  /\bENGINE\s*=\s*(?:Replicated)?(\w*MergeTree)\b(?:\s*\(\s*'[^']*'\s*,\s*'[^']*'\s*(?:,\s*)?)?/;

/**
 * The objects that a cluster has by the same files. A table with rows becomes two: the rows on each shard, and a
 * Distributed table of its name that leads to all of them, by the sorting key, so that rows which are one to the
 * reader meet on one shard. A view that reads such a table works on its shard. Kafka tables, their views and all the
 * rest are as they stand in the files, on every server.
 */
export function clusterCatalog(catalog: readonly SqlFile[]): SqlFile[] {
  const stored = new Set(catalog.filter(isStored).map(({ name }) => name));
  const shard: Parsed = {
    ...parseFile(`sql/${SHARD_DATABASE}.sql`, `CREATE DATABASE ${SHARD_DATABASE}`),
    madeByFiles: true,
  };
  return inOrder([shard, ...catalog.flatMap((file) => spread(file, stored))]);
}

/** Whether the catalog is one of a cluster. */
export function isClusterCatalog(catalog: readonly Pick<SqlFile, "name">[]): boolean {
  return catalog.some(({ name }) => name === SHARD_DATABASE);
}

/** A table whose rows the engine keeps itself. */
export function isStored({ kind, sql }: Pick<SqlFile, "kind" | "sql">): boolean {
  return kind === "table" && ENGINE.test(sql);
}

function spread(file: SqlFile, stored: ReadonlySet<string>): Parsed[] {
  const { name, sql, kind } = file;
  // Rows of a cluster are neither copied nor renamed by an `up`.
  const policy = { ...NO_POLICY, adopt: file.policy.adopt };
  const made = (own: string, text: string): Parsed => ({
    ...parseFile(`sql/${own}.sql`, text),
    file: file.file,
    policy,
  });
  if (stored.has(name))
    return [
      made(onShard(name), replicated(renameObject(sql, onShard(name)))),
      { ...made(name, distributed(name, sql)), forwardsTo: onShard(name) },
    ];
  if (kind === "view" && stored.has(sourceOf(sql)))
    return [made(onShard(name), ofShard(file, new Set([sourceOf(sql), file.target ?? ""])))];
  if (kind === "view" && isRefreshedAlone(file)) return [made(name, onceInAll(sql))];
  return [{ ...made(name, sql), ...(kind === "collection" ? { madeByFiles: true } : {}) }];
}

/** The same engine, which its shard's servers hold alike: its path in Keeper is that of the server's config. */
export function replicated(sql: string): string {
  return sql
    .replace(ENGINE, (all, engine: string) => {
      const opens = all.includes("'") ? "(" : "";
      return `ENGINE = Replicated${engine}${opens}`;
    })
    .replace(/\bnon_replicated_deduplication_window\b/, "replicated_deduplication_window");
}

function distributed(name: string, sql: string): string {
  const { sortingKey } = parseTable(sql);
  const key = /^(tuple\(\))?$/.test(sortingKey) ? "rand()" : `cityHash64(${sortingKey})`;
  return `CREATE TABLE ${name} AS ${onShard(name)} ENGINE = Distributed('${CLUSTER}', '${SHARD_DATABASE}', '${name}', ${key})`;
}

/** The view with what it reads and writes of its own shard; whatever else it reads is of all shards. */
function ofShard({ name, sql }: SqlFile, own: ReadonlySet<string>): string {
  const tokens = tokenize(renameObject(sql, onShard(name)));
  let text = "";
  for (let at = 0; at < tokens.length; at++) {
    const [first, second, third] = tokens.slice(at, at + 3);
    const call = first?.text === "currentDatabase" && second?.text === "(" && third?.text === ")";
    const qualified = identifier(first) === "default" && second?.text === ".";
    const table = identifier(qualified ? third : first);
    if (call) text += `'${SHARD_DATABASE}'`;
    else if (table !== undefined && own.has(table) && isTable(tokens, at)) text += onShard(table);
    else {
      text += first?.text ?? "";
      continue;
    }
    at += call || qualified ? 2 : 0;
  }
  return text;
}

/** Whether a name stands where a table's does. */
function isTable(tokens: readonly Token[], at: number): boolean {
  const before = significant(tokens.slice(0, at)).at(-1)?.text ?? "";
  return /^(FROM|JOIN|TO)$/i.test(before);
}

/** A view that asks by the clock, and no table of `sql/`: each shard would. */
function isRefreshedAlone({ sql, references, target }: SqlFile): boolean {
  return (
    significant(tokenize(sql)).some(({ text }) => text.toUpperCase() === "REFRESH") &&
    references.every((name) => name === target)
  );
}

function onceInAll(sql: string): string {
  const { query } = viewParts(sql);
  const head = sql.slice(0, sql.lastIndexOf(query));
  const asked = query.replace(/;\s*$/, "");
  return `${head}SELECT * FROM (${asked}) WHERE getMacro('shard') = '1'`;
}
