import * as pulumi from "@pulumi/pulumi";
import type { ClickHouseEndpoint } from "../dashboards/provisioning";
import { accountUploads, readerGrants } from "./clickhouse/accounts";
import { checkUnused, readCatalog, type SqlFile } from "./clickhouse/catalog";
import type { Connection } from "./clickhouse/client";
import type { ClusterSize } from "./clickhouse/cluster";
import { clusterCatalog } from "./clickhouse/cluster-catalog";
import { clusterFindings } from "./clickhouse/cluster-rules";
import { declareCatalog, type ObjectsArgs } from "./clickhouse/declare";
import { byStatements, collectionsOf, kafkaUploads } from "./clickhouse/kafka-login";
import { image, service, volume } from "./container";
import { httpHealthCommand } from "./health";
import type { KafkaLogin } from "./kafka-users";
import { Password } from "./password";
import { declareServers } from "./warehouse-cluster";

const DATA_DIR = "/var/lib/clickhouse";
const HTTP_PORT = 8123;
const NATIVE_PORT = 9000;
const ALIAS = "clickhouse";
const DATABASE = "default";
/** By which the reader asks what all servers tell of themselves. */
const OVER_SERVERS = "GRANT REMOTE ON *.*";

export interface WarehouseArgs extends ObjectsArgs {
  stack: string;
  containerName: string;
  volumeName: string;
  networkName: pulumi.Input<string>;
  /** Of the host, by which other hosts find it. @default all run on one host, found on its loopback */
  address?: string;
  imageReference: string;
  /** Shards and replicas, of the official server. @default one server */
  cluster?: ClusterSize | undefined;
  /** Of each server. */
  memoryMb: number;
  /** Ports of the host. The embedded engine has no native protocol. */
  ports: { http: number; native: number };
  protectData: boolean;
  /** How ClickHouse reaches Kafka. @default in clear, where the placeholders say */
  kafkaLogin?: KafkaLogin;
}

/**
 * ClickHouse with every object of `sql/`. Ready when it answers; `database` resolves once all
 * objects stand.
 */
export class Warehouse extends pulumi.ComponentResource {
  /** HTTP, for whoever deploys. */
  readonly url: pulumi.Output<string>;
  /** From containers of the stack. The embedded engine has no native protocol. */
  readonly inside: pulumi.Output<ClickHouseEndpoint>;
  readonly database: pulumi.Output<string>;
  /** As its administrator, once all objects stand. Holds a secret. */
  readonly connection: pulumi.Output<Connection>;
  readonly admin: { username: string; password: pulumi.Output<string> };
  /** May read the tables of `sql/` and what the engine tells of itself, nothing else. */
  readonly reader: { username: string; password: pulumi.Output<string> };

  constructor(name: string, args: WarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:clickhouse:Warehouse", name, {}, opts);
    const files = readCatalog();
    checkUnused(files, args.placeholders);
    const collections = files.filter(({ kind }) => kind === "collection");
    const { engine, kafkaLogin, cluster } = args;
    const catalog = cluster ? spread(files) : byStatements(files, engine, kafkaLogin);
    this.admin = account(this, name, "admin");
    this.reader = account(this, name, "reader");

    const url = `http://${args.address ?? "localhost"}:${args.ports.http}`;
    const { ready, deletedWith } = cluster
      ? this.cluster(name, { ...args, cluster, collections }, catalog, url)
      : this.server(name, { ...args, collections }, catalog);
    this.url = ready.apply(() => url);
    this.inside = ready.apply(() => insideOf(args));

    const connection = { url: this.url, database: DATABASE, ...this.admin };
    const objects = declareCatalog(
      `${name}-sql`,
      catalog,
      { ...args, connection },
      { parent: this, deletedWith },
    );
    this.database = pulumi.all(objects.map((object) => object.urn)).apply(() => DATABASE);
    this.connection = pulumi.output({ ...connection, database: this.database });
    this.registerOutputs({ url: this.url, database: this.database });
  }

  /** The one server, and its volume. */
  private server(
    name: string,
    args: WarehouseArgs & { collections: readonly SqlFile[] },
    catalog: readonly SqlFile[],
  ) {
    const deletedWith = volume(
      `${name}-data`,
      { stack: args.stack, volumeName: args.volumeName, protect: args.protectData },
      { parent: this },
    );
    const { engine, kafkaLogin } = args;
    const container = service(
      `${name}-container`,
      {
        stack: args.stack,
        containerName: args.containerName,
        ...this.container(name, args),
        alias: ALIAS,
        ports: published(args),
        volumes: [{ volumeName: deletedWith.name, containerPath: DATA_DIR }],
        uploads: [
          ...accountUploads(engine, this.admin, this.reader, readerGrants(DATABASE, catalog)),
          ...kafkaUploads(engine, kafkaLogin, collectionsOf(args, args.containerName)),
        ],
      },
      { parent: this },
    );
    return { ready: container.name as pulumi.Output<unknown>, deletedWith };
  }

  /** Several servers, with their Keepers. */
  private cluster(
    name: string,
    args: WarehouseArgs & { cluster: ClusterSize; collections: readonly SqlFile[] },
    catalog: readonly SqlFile[],
    url: string,
  ) {
    const grants = [...readerGrants(DATABASE, catalog), OVER_SERVERS];
    return declareServers(this, name, {
      ...args,
      size: args.cluster,
      server: this.container(name, args),
      ports: published(args),
      uploads: accountUploads(args.engine, this.admin, this.reader, grants),
      connection: { url, database: DATABASE, ...this.admin },
    });
  }

  /** What the container of a server has, wherever it stands. */
  private container(name: string, args: WarehouseArgs) {
    return {
      imageId: image(`${name}-image`, args.imageReference, { parent: this }).imageId,
      networkName: args.networkName,
      address: args.address,
      memoryMb: args.memoryMb,
      healthCommand: httpHealthCommand(HTTP_PORT, "/ping"),
      envs: ["TZ=UTC"],
    };
  }
}

/** The catalog of a cluster. @throws pulumi.RunError that lists what of the files it cannot have */
function spread(files: readonly SqlFile[]): SqlFile[] {
  const faults = clusterFindings(files).map((one) => `${one.file}:${one.line}: ${one.message}`);
  if (faults.length > 0) throw new pulumi.RunError(faults.join("\n"));
  return clusterCatalog(files);
}

/** Ports of the host. */
function published(args: WarehouseArgs) {
  return args.engine === "server" ? [http(args), native(args)] : [http(args)];
}

const http = ({ ports }: WarehouseArgs) => ({ internal: HTTP_PORT, external: ports.http });
const native = ({ ports }: WarehouseArgs) => ({ internal: NATIVE_PORT, external: ports.native });

/** The embedded engine has no native protocol. */
function insideOf(args: WarehouseArgs): ClickHouseEndpoint {
  const { address } = args;
  const isNative = args.engine === "server";
  const { internal, external } = isNative ? native(args) : http(args);
  return {
    host: address ?? ALIAS,
    port: address === undefined ? internal : external,
    protocol: isNative ? "native" : "http",
  };
}

function account(parent: Warehouse, name: string, username: string) {
  const password = new Password(`${name}-${username}-password`, `${username} of ClickHouse`, {
    parent,
  });
  return { username, password: password.value };
}
