import type { SqlFile } from "./catalog";
import { isOnShard, SHARD_DATABASE } from "./cluster";
import { isClusterCatalog } from "./cluster-catalog";
import { sourceOf } from "./statement";
import type { Finding } from "./validate";

/** What of a catalog a cluster cannot have, by file and line. */
export function clusterFindings(catalog: readonly SqlFile[]): Finding[] {
  return catalog.flatMap((file) => {
    const message = faultOf(file);
    return message === undefined ? [] : [{ file: file.file, line: lineOf(file), message }];
  });
}

/**
 * Why a stack's objects cannot become those of the catalog: one server is to become a cluster, or the other way.
 * @param stored Names of the objects that the stack has.
 */
export function otherKindFault(
  stored: readonly string[],
  catalog: readonly Pick<SqlFile, "name">[],
): string | undefined {
  const was = stored.some(isOnShard);
  if (stored.length === 0 || was === isClusterCatalog(catalog)) return undefined;
  const [from, to] = was ? ["a cluster", "one server"] : ["one server", "a cluster"];
  return `clickhouseShards and clickhouseReplicas: the stack's ClickHouse is ${from} and cannot become ${to}, as its tables would have to move. Set them back, or make another stack and move to it. Nothing was changed.`;
}

function faultOf(file: SqlFile): string | undefined {
  const alone = "Set clickhouseShards and clickhouseReplicas to 1";
  if (file.kind === "database")
    return `on a cluster all objects are in the database default, and ${SHARD_DATABASE} has what each shard holds of them. Take the database away, or: ${alone}.`;
  if (file.kind === "access")
    return `users, roles, grants, quotas and profiles made by SQL would be on one server of the cluster alone. Declare them in infra/clickhouse/accounts.ts, which reaches all, or: ${alone}.`;
  if (file.policy.backfill)
    return `-- @backfill fills a view's target from the parts of one server, and ${sourceOf(file.sql)} is spread over the shards of a cluster. Take the line out and fill the table by INSERT ... SELECT.`;
  return undefined;
}

function lineOf({ sql, policy }: SqlFile): number {
  const sought = policy.backfill ? /^--\s*@backfill/ : /^\s*(CREATE|GRANT)\b/i;
  return Math.max(1, sql.split("\n").findIndex((line) => sought.test(line)) + 1);
}
