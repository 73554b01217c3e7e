import * as pulumi from "@pulumi/pulumi";
import type { ClickHouseEndpoint } from "../dashboards/provisioning";
import { accountUploads, readerGrants } from "./clickhouse/accounts";
import { checkUnused, readCatalog } from "./clickhouse/catalog";
import type { Connection } from "./clickhouse/client";
import { declareCatalog, type ObjectsArgs } from "./clickhouse/declare";
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

export interface WarehouseArgs extends ObjectsArgs {
  stack: string;
  containerName: string;
  volumeName: string;
  networkName: pulumi.Input<string>;
  /** Of the host, by which other hosts find it. @default all run on one host, found on its loopback */
  address?: string;
  imageReference: string;
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
    const catalog = readCatalog();
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
    const isNative = args.engine === "server";
    const spoken = isNative ? native : http;
    const inside: ClickHouseEndpoint = {
      host: address ?? ALIAS,
      port: address === undefined ? spoken.internal : spoken.external,
      protocol: isNative ? "native" : "http",
    };
    this.inside = container.name.apply(() => inside);

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
    this.connection = pulumi.output({ ...connection, database: this.database });
    this.registerOutputs({ url: this.url, database: this.database });
  }
}

function account(parent: Warehouse, name: string, username: string) {
  const password = new Password(`${name}-${username}-password`, `${username} of ClickHouse`, {
    parent,
  });
  return { username, password: password.value };
}
