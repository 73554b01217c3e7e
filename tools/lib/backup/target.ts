import type { KafkaAccess } from "../../../pipeline/kafka/access";
import type { Connection } from "../../../infra/clickhouse/client";
import { streamsOf } from "../audit/stack";
import { refuseOnCluster } from "../cluster";
import type { AuditStream } from "../audit/target";
import { kafkaOf, type Outputs } from "../outputs";
import type { Progress } from "../progress";
import { UserError } from "../user-error";
import { containerVault, type Vault } from "./vault";

/** Databases that a back-up and a restore keep for the time they take. */
export const BACKUP_DATABASE = "steamline_backup";
export const RESTORE_DATABASE = "steamline_restore";

/** What a back-up or a restore of a stack reaches. */
export interface BackupTarget {
  stack: string;
  /** As one who may do everything. */
  connection: Connection;
  kafka: KafkaAccess;
  streams: readonly Pick<AuditStream, "topic" | "group" | "table">[];
  vault: Vault;
  progress: Progress;
}

/** @throws UserError (BACKUP) where the stack does not make its ClickHouse, (CLUSTER) where that is one */
export function backupTarget(
  stack: string,
  outputs: Outputs,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): BackupTarget {
  const container = outputs.containers["clickhouse"];
  if (container === undefined)
    throw new UserError(
      "BACKUP",
      "the stack's ClickHouse is not its own, and is backed up by who runs it",
      {
        where: outputs.clickhouseUrl,
        fix: "back it up there: the tables of the database default, and all of the database steamline",
      },
    );
  refuseOnCluster(
    outputs,
    "back-up and restore",
    "they are of the parts of one server, at an instant at which that reads nothing",
    "BACKUP ... ON CLUSTER steamline is the server's own: docs/clickhouse-cluster.md",
  );
  return {
    stack,
    connection: connectionOf(outputs),
    kafka: kafkaOf(outputs),
    streams: streamsOf(outputs),
    vault: containerVault(container, env),
    progress,
  };
}

/** A stack's ClickHouse as its administrator reaches it. */
export function connectionOf(outputs: Outputs): Connection {
  const { clickhouseUrl: url, clickhouseCa: ca, adminUser: username, database } = outputs;
  const connection = { url, username, password: outputs.adminPassword, database };
  return ca === undefined ? connection : { ...connection, ca };
}
