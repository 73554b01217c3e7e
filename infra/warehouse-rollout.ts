import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "./clickhouse/client";
import type { ClusterSize, Place } from "./clickhouse/cluster";
import { DynamicResource } from "./dynamic-resource";

/** How the first server is asked from the host. Made a secret here. */
interface ServersAsked {
  connection: { [K in keyof Connection]: pulumi.Input<Connection[K]> };
}

export interface WarehouseShapeArgs extends ServersAsked, ClusterSize {}

/**
 * How many servers a cluster has. A preview refuses fewer shards while one that would go holds rows, and to make a
 * cluster of a single server that has tables, whose rows would be left behind.
 */
export class WarehouseShape extends DynamicResource {
  constructor(name: string, args: WarehouseShapeArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "steamline:ClickHouseShape",
      "warehouseShapeProvider",
      name,
      secretly(args),
      hiding(opts),
    );
  }
}

export interface ServerPlaceArgs extends ServersAsked, Place {
  /** What the server calls itself in Keeper. */
  replicaName: string;
}

/** A server's place in its cluster: when it goes, and the server before it, Keeper is told to forget the replica. */
export class ServerPlace extends DynamicResource {
  constructor(name: string, args: ServerPlaceArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:ClickHousePlace", "serverPlaceProvider", name, secretly(args), hiding(opts));
  }
}

export interface ServerInSyncArgs extends ServersAsked {
  /** The server's name among the others. */
  host: string;
  /** The container that it runs in: another one is waited for. */
  containerId: pulumi.Input<string>;
}

/** That a server whose container was replaced has all rows of its shard again, so that the next may go. */
export class ServerInSync extends DynamicResource {
  constructor(name: string, args: ServerInSyncArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:ClickHouseInSync", "serverInSyncProvider", name, secretly(args), hiding(opts));
  }
}

function secretly(args: ServersAsked): pulumi.Inputs {
  return { ...args, connection: pulumi.secret(args.connection) };
}

function hiding(opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
  return { ...opts, additionalSecretOutputs: ["connection"] };
}
