import { createHash } from "node:crypto";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { accountUploads, readerGrants } from "./clickhouse/accounts";
import { checkUnused, readCatalog, type SqlFile } from "./clickhouse/catalog";
import { SqlObject } from "./clickhouse/object";
import { renderSql, type PlaceholderValues } from "./clickhouse/render";
import { canonicalText } from "./clickhouse/statement";
import { httpHealthCommand, image, service, volume } from "./container";
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
  imageReference: string;
  engine: "server" | "embedded";
  memoryMb: number;
  /** Loopback ports of the host. The embedded engine has no native protocol. */
  ports: { http: number; native: number };
  protectData: boolean;
  /** Values of the placeholders in `sql/`. A table waits for the topic whose name it holds. */
  placeholders: { [name: string]: pulumi.Input<string | number> };
}

/**
 * ClickHouse with every object of `sql/`. Ready when it answers; `database` resolves once all
 * objects stand.
 */
export class Warehouse extends pulumi.ComponentResource {
  /** HTTP, from the host. */
  readonly url: pulumi.Output<string>;
  /** From containers of the stack. */
  readonly internalHost: pulumi.Output<string>;
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
    const native = { internal: NATIVE_PORT, external: args.ports.native };
    const container = service(
      `${name}-container`,
      {
        stack: args.stack,
        containerName: args.containerName,
        imageId: image(`${name}-image`, args.imageReference, { parent: this }).imageId,
        networkName: args.networkName,
        alias: ALIAS,
        memoryMb: args.memoryMb,
        healthCommand: httpHealthCommand(HTTP_PORT, "/ping"),
        envs: ["TZ=UTC"],
        ports: [
          { internal: HTTP_PORT, external: args.ports.http },
          ...(args.engine === "server" ? [native] : []),
        ],
        volumes: [{ volumeName: data.name, containerPath: DATA_DIR }],
        uploads: accountUploads(
          args.engine,
          this.admin,
          this.reader,
          readerGrants(DATABASE, catalog),
        ),
      },
      { parent: this },
    );
    this.url = container.name.apply(() => `http://localhost:${args.ports.http}`);
    this.internalHost = container.name.apply(() => ALIAS);

    const connection = { url: this.url, database: DATABASE, ...this.admin };
    const objects = declareObjects(catalog, args.placeholders, connection, {
      parent: this,
      deletedWith: data,
    });
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

/** Each file's object, after those it names. */
function declareObjects(
  catalog: readonly SqlFile[],
  placeholders: WarehouseArgs["placeholders"],
  connection: ConstructorParameters<typeof SqlObject>[1]["connection"],
  opts: pulumi.CustomResourceOptions,
): SqlObject[] {
  const made = new Map<
    string,
    { object: SqlObject; kind: SqlFile["kind"]; definition: pulumi.Output<string> }
  >();
  for (const file of catalog) {
    const named = file.references.flatMap((reference) => made.get(reference) ?? []);
    // What a named collection or a Kafka table says reaches its readers only when they are made anew.
    const followed = file.references.filter((reference) => {
      const kind = made.get(reference)?.kind;
      return kind === "collection" || kind === "kafka";
    });
    const upstream = Object.fromEntries(
      followed.flatMap((reference) => {
        const definition = made.get(reference)?.definition;
        return definition ? [[reference, definition]] : [];
      }),
    );
    const statement = pulumi
      .output(placeholders)
      .apply((values) =>
        canonicalText(renderSql(file.sql, values as PlaceholderValues, file.file)),
      );
    const object = new SqlObject(
      file.name,
      {
        name: file.name,
        kind: file.kind,
        statement,
        upstream,
        feeds: feedsOf(file, catalog),
        connection,
      },
      { ...opts, dependsOn: named.map(({ object }) => object) },
    );
    const definition = pulumi
      .all([statement, ...Object.values(upstream)])
      .apply((parts) => digest(parts.join("\n")));
    made.set(file.name, { object, kind: file.kind, definition });
  }
  return [...made.values()].map(({ object }) => object);
}

/** The Kafka tables that `file`, a view, reads, each with all views that read it. */
function feedsOf(file: SqlFile, catalog: readonly SqlFile[]): Record<string, string[]> {
  if (file.kind !== "view") return {};
  const tables = catalog.filter(
    (other) => other.kind === "kafka" && file.references.includes(other.name),
  );
  const readers = (table: string) =>
    catalog
      .filter((other) => other.kind === "view" && other.references.includes(table))
      .map((view) => view.name);
  return Object.fromEntries(tables.map((table) => [table.name, readers(table.name)]));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
