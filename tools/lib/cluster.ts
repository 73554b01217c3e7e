import { overServers } from "../../infra/clickhouse/over-servers";
import type { Outputs } from "./outputs";
import { UserError } from "./user-error";

/** A question about what a server tells of itself, to all servers where there are several. */
export function asked({ clickhouseCluster }: Outputs, sql: string): string {
  return clickhouseCluster ? overServers(sql) : sql;
}

/** @throws UserError (CLUSTER) where ClickHouse is a cluster, for which `what` is not made */
export function refuseOnCluster(
  { clickhouseCluster }: Outputs,
  what: string,
  why: string,
  fix: string,
): void {
  if (!clickhouseCluster) return;
  const { shards, replicas } = clickhouseCluster;
  throw new UserError(
    "CLUSTER",
    `${what} is not there for a cluster: ${why}; nothing was changed`,
    {
      where: `clickhouseShards ${shards} and clickhouseReplicas ${replicas} of the stack's config`,
      fix,
    },
  );
}
