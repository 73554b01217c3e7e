import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../pipeline/kafka/access";
import { accountUploads, readerGrants } from "./clickhouse/accounts";
import { checkUnused, readCatalog } from "./clickhouse/catalog";
import { declareCatalog } from "./clickhouse/declare";
import { kafkaUploads } from "./clickhouse/kafka-login";
import { image, service, volume } from "./container";
import { httpHealthCommand } from "./health";
import type { KafkaLogin } from "./kafka-users";
import { Password } from "./password";

const DATA_DIR = "/var/lib/clickhouse";
const HTTP_PORT = 8123;
const NATIVE_PORT = 9000;
const ALIAS = "clickhouse";
const DATABASE = "default";
const sqlDir = join(__dirname, "..", "sql");

export interface WarehouseArgs {
  stack: string;
  containerName: string;
  volumeName: string;
  networkName: pulumi.Input<string>;
  /** Of the host, by which other hosts find it. @default all run on one host, found on its loopback */
  address?: string;
  imageReference: string;
  engine: "server" | "embedded";
  memoryMb: number;
  /** Ports of the host. The embedded engine has no native protocol. */
  ports: { http: number; native: number };
  protectData: boolean;
  /** Values of the placeholders in `sql/`. A table waits for the topic whose name it holds. */
  placeholders: { [name: string]: pulumi.Input<string | number> };
  /** How ClickHouse reaches Kafka. @default in clear, where the placeholders say */
  kafkaLogin?: KafkaLogin;
  /** How Kafka is reached from the host. @default not at all, and a consumer that goes is missed for 45 s */
  kafka?: pulumi.Input<KafkaAccess>;
  /** Partitions of each topic: no consumer group can use more consumers. @default not checked */
  partitions?: number;
  /** Objects of `sql/` whose rows a change may destroy. @default none */
  allowDestroy?: readonly string[];
}

/**
 * ClickHouse with every object of `sql/`. Ready when it answers; `database` resolves once all
 * objects stand.
 */
export class Warehouse extends pulumi.ComponentResource {
  /** HTTP, for whoever deploys. */
  readonly url: pulumi.Output<string>;
  /** From containers of the stack. */
  readonly internalHost: pulumi.Output<string>;
  /** The same: native of the official server, HTTP of the embedded engine. */
  readonly internalPort: number;
  readonly database: pulumi.Output<string>;
  readonly admin: { username: string; password: pulumi.Output<string> };
  /** May read the tables of `sql/` and what the engine tells of itself, nothing else. */
  readonly reader: { username: string; password: pulumi.Output<string> };

  constructor(name: string, args: WarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:clickhouse:Warehouse", name, {}, opts);
    const catalog = readCatalog(sqlDir);
    checkUnused(catalog, args.placeholders);
    this.admin = account(this, name, "admin");
    this.reader = account(this, name, "reader");

    const data = volume(
      `${name}-data`,
      { stack: args.stack, volumeName: args.volumeName, protect: args.protectData },
      { parent: this },
    );
    const http = { internal: HTTP_PORT, external: args.ports.http };
    const native = { internal: NATIVE_PORT, external: args.ports.native };
    const container = service(
      `${name}-container`,
      {
        stack: args.stack,
        containerName: args.containerName,
        imageId: image(`${name}-image`, args.imageReference, { parent: this }).imageId,
        networkName: args.networkName,
        address: args.address,
        alias: ALIAS,
        memoryMb: args.memoryMb,
        healthCommand: httpHealthCommand(HTTP_PORT, "/ping"),
        envs: ["TZ=UTC"],
        ports: [http, ...(args.engine === "server" ? [native] : [])],
        volumes: [{ volumeName: data.name, containerPath: DATA_DIR }],
        uploads: [
          ...accountUploads(args.engine, this.admin, this.reader, readerGrants(DATABASE, catalog)),
          ...kafkaUploads(args.engine, args.kafkaLogin),
        ],
      },
      { parent: this },
    );
    const { address } = args;
    this.url = container.name.apply(() => `http://${address ?? "localhost"}:${args.ports.http}`);
    this.internalHost = container.name.apply(() => address ?? ALIAS);
    const spoken = args.engine === "server" ? native : http;
    this.internalPort = address === undefined ? spoken.internal : spoken.external;

    const connection = { url: this.url, database: DATABASE, ...this.admin };
    const objects = declareCatalog(
      `${name}-sql`,
      catalog,
      { ...args, connection },
      {
        parent: this,
        deletedWith: data,
      },
    );
    this.database = pulumi.all(objects.map((object) => object.urn)).apply(() => DATABASE);
    this.registerOutputs({ url: this.url, database: this.database });
  }
}

function account(parent: Warehouse, name: string, username: string) {
  const password = new Password(`${name}-${username}-password`, `${username} of ClickHouse`, {
    parent,
  });
  return { username, password: password.value };
}
