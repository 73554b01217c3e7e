import { nodeName } from "../broker-environment";
import {
  CLUSTER,
  placedName,
  placesOf,
  SHARD_DATABASE,
  type ClusterSize,
  type Place,
} from "./cluster";
import { collectionElements, type Collections } from "./collections";
import { OWN_DATABASE } from "./ledger";
import { configXml, type XmlElements } from "./xml";

/** Where the servers reach one another; the first is found as `clickhouse`. */
export const SERVER_HOST = "clickhouse";
export const KEEPER_HOST = "clickhouse-keeper";
/** As many, so that one may be away. */
export const KEEPERS = [1, 2, 3] as const;
export const KEEPER_PORT = 9181;
const RAFT_PORT = 9234;
const NATIVE_PORT = 9000;
/** Below ClickHouse's own directory, which the image gives to the user that it runs as. */
const COORDINATION = "/var/lib/clickhouse/coordination";
/** Where the databases of the stack are kept in Keeper. */
const DATABASES = "/clickhouse/databases";

export interface ServerFile {
  size: ClusterSize;
  place: Place;
  /** What servers prove to one another that they are of this cluster. */
  secret: string;
  collections: Collections;
}

/**
 * What a server has to know of its cluster. It makes its databases itself when it starts, so that one that is new gets
 * every object that the others have.
 */
export function serverFile({ size, place, secret, collections }: ServerFile): string {
  const host = (at: Place) => placedName(SERVER_HOST, at);
  const shards = Array.from({ length: size.shards }, (_, index) => ({
    internal_replication: true,
    replica: placesOf(size)
      .filter(({ shard }) => shard === index + 1)
      .map((at) => ({ host: host(at), port: NATIVE_PORT })),
  }));
  return configXml({
    remote_servers: { [CLUSTER]: { secret, shard: shards } },
    zookeeper: {
      node: KEEPERS.map((id) => ({ host: nodeName(KEEPER_HOST, id), port: KEEPER_PORT })),
    },
    macros: { cluster: CLUSTER, shard: place.shard, replica: host(place) },
    interserver_http_host: host(place),
    interserver_http_credentials: { user: CLUSTER, password: secret },
    default_replica_path: "/clickhouse/tables/{uuid}/{shard}",
    default_replica_name: "{replica}",
    startup_scripts: { throw_on_error: true, scripts: startupScripts() },
    named_collections: collectionElements(collections),
  });
}

/** The shard's own comes before what leads to it. The server itself makes `default`, of another engine and empty. */
function startupScripts(): XmlElements[] {
  const made = (name: string) => ({
    query: `CREATE DATABASE IF NOT EXISTS ${name} ENGINE = Replicated('${DATABASES}/${name}', '{shard}', '{replica}')`,
  });
  return [
    made(OWN_DATABASE),
    made(SHARD_DATABASE),
    {
      condition:
        "SELECT (SELECT count() FROM system.databases WHERE name = 'default' AND engine != 'Replicated') = 1 AND (SELECT count() FROM system.tables WHERE database = 'default') = 0",
      query: "DROP DATABASE default SYNC",
    },
    made("default"),
  ];
}

/** Settings of the profiles by which a cluster answers as one server does. Added to those of every stack. */
export function profilesFile(): string {
  // A subquery on a table of all shards is asked once, and its result sent to each.
  const product = { distributed_product_mode: "global" };
  return configXml({
    profiles: {
      default: {
        ...product,
        // A row counts as stored once its shard has it: Kafka's offsets are committed after that.
        distributed_foreground_insert: 1,
        // A server that is away gets what it missed when it is back.
        distributed_ddl_output_mode: "none_only_active",
      },
      reader: product,
    },
  });
}

/** One of the Keepers, which keep what the servers agree on. */
export function keeperFile(id: number): string {
  return configXml({
    logger: { level: "information", console: true },
    listen_host: "0.0.0.0",
    keeper_server: {
      tcp_port: KEEPER_PORT,
      server_id: id,
      log_storage_path: `${COORDINATION}/log`,
      snapshot_storage_path: `${COORDINATION}/snapshots`,
      raft_configuration: {
        server: KEEPERS.map((one) => ({
          id: one,
          hostname: nodeName(KEEPER_HOST, one),
          port: RAFT_PORT,
        })),
      },
    },
  });
}
