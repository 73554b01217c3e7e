import type { SqlFile } from "./catalog";
import { SHARD_DATABASE } from "./cluster";
import { sourceOf } from "./statement";
import type { Finding } from "./validate";

/** What of a catalog a cluster cannot have, by file and line. */
export function clusterFindings(catalog: readonly SqlFile[]): Finding[] {
  return catalog.flatMap((file) => {
    const message = faultOf(file);
    return message === undefined ? [] : [{ file: file.file, line: lineOf(file), message }];
  });
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
