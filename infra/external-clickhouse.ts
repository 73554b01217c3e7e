import * as pulumi from "@pulumi/pulumi";
import type { ClickHouseEndpoint } from "../dashboards/provisioning";
import { checkUnused, readCatalog, type SqlFile } from "./clickhouse/catalog";
import type { Connection } from "./clickhouse/client";
import { declareCatalog, type ObjectsArgs } from "./clickhouse/declare";
import { byStatements } from "./clickhouse/kafka-login";
import { isNamedIn, UNDERSTOOD_IN } from "./clickhouse/other-database";
import { DynamicResource } from "./dynamic-resource";
import type { ExternalClickhouse } from "./external-config";
import type { KafkaLogin } from "./kafka-users";

type Account = Pick<Connection, "username" | "password">;

/**
 * That a ClickHouse answers, lets in, can do what is needed, and holds no other stack's objects. A preview says why
 * not. Once made, the ClickHouse is the stack's until it goes.
 */
export class ClickHouseClaim extends DynamicResource {
  constructor(
    name: string,
    args: { stack: string; connection: Connection; reader: Account; collections: string[] },
    opts?: pulumi.CustomResourceOptions,
  ) {
    const { connection, reader, stack, collections } = args;
    const secrets = { connection: pulumi.secret(connection), reader: pulumi.secret(reader) };
    super(
      "steamline:ClickHouseClaim",
      "clickhouseClaimProvider",
      name,
      { stack, collections, ...secrets, claim: undefined },
      { ...opts, additionalSecretOutputs: ["connection", "reader"] },
    );
  }
}

/** The rows of an external ClickHouse's tables, which go with the stack. With `protect`, no destroy takes them. */
export class StoredRows extends DynamicResource {
  constructor(
    name: string,
    args: { tables: readonly string[]; connection: pulumi.Input<Connection> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = { tables: args.tables, connection: pulumi.secret(args.connection) };
    const secret = { additionalSecretOutputs: ["connection"] };
    super("steamline:StoredRows", "storedRowsProvider", name, props, { ...opts, ...secret });
  }
}

export interface ExternalWarehouseArgs extends ObjectsArgs {
  stack: string;
  access: ExternalClickhouse;
  /** What Kafka asks of it: an official server has that from a file of its owner's. @default nothing */
  kafkaLogin?: KafkaLogin | undefined;
  /** Whether a destroy is refused, as it takes the rows. */
  protectData: boolean;
}

/** A ClickHouse that the stack did not make, with every object of `sql/` in it, which go with the stack. */
export class ExternalWarehouse extends pulumi.ComponentResource {
  /** HTTP, from the host. */
  readonly url: pulumi.Output<string>;
  /** From containers of the stack. */
  readonly inside: pulumi.Output<ClickHouseEndpoint>;
  readonly database: pulumi.Output<string>;
  /** As one who may do everything there, once all objects stand. Holds a secret. */
  readonly connection: pulumi.Output<Connection>;
  readonly admin: { username: string; password: pulumi.Output<string> };
  readonly reader: { username: string; password: pulumi.Output<string> };

  constructor(name: string, args: ExternalWarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    // The type of one that the stack makes, so that its objects are known again and a move is refused.
    super("steamline:clickhouse:Warehouse", name, {}, opts);
    const { url, database, ca, admin, reader } = args.access;
    const files = readCatalog();
    checkUnused(files, args.placeholders);
    refuseTaken(files, database);
    const catalog = byStatements(files, args.engine, args.kafkaLogin);
    const given = { url, database, ...admin, ...(ca === undefined ? {} : { ca }) };
    const collections = catalog.filter(({ madeByFiles }) => madeByFiles).map((one) => one.name);
    const claim = new ClickHouseClaim(
      `${name}-claim`,
      { stack: args.stack, connection: given, reader, collections },
      { parent: this },
    );
    const connection = pulumi.secret(claim.urn.apply(() => given));
    const objects = declareCatalog(
      `${name}-sql`,
      catalog,
      { ...args, connection, external: true },
      { parent: this },
    );
    const tables = catalog.filter(({ kind }) => kind === "table").map((table) => table.name);
    new StoredRows(
      `${name}-data`,
      { tables, connection },
      { parent: this, protect: args.protectData, dependsOn: objects },
    );
    this.url = claim.urn.apply(() => url);
    this.inside = claim.urn.apply(() => endpointOf(args.access));
    this.admin = { ...admin, password: pulumi.secret(admin.password) };
    this.reader = { ...reader, password: pulumi.secret(reader.password) };
    this.database = pulumi.all(objects.map((object) => object.urn)).apply(() => database);
    this.connection = pulumi.all([connection, this.database]).apply(([known]) => known);
    this.registerOutputs({ url: this.url, database: this.database });
  }
}

/** @throws pulumi.RunError where files of `sql/` mean something else by the database's name */
function refuseTaken(files: readonly SqlFile[], database: string): void {
  if (database === UNDERSTOOD_IN) return;
  const taken = files.find(({ sql }) => isNamedIn(sql, database));
  if (!taken) return;
  const fault = `clickhouseExternalDatabase: ${database} means something else in ${taken.file}.`;
  throw new pulumi.RunError(`${fault} Allowed: a name that no file of sql/ has.`);
}

function endpointOf({ url, database, ca }: ExternalClickhouse): ClickHouseEndpoint {
  const { hostname, port, protocol } = new URL(url);
  const isTls = protocol === "https:";
  return {
    host: hostname,
    // The well-known ports are those of HTTP, not ClickHouse's.
    port: port === "" ? (isTls ? 443 : 80) : Number(port),
    protocol: "http",
    database,
    ...(isTls ? { tls: ca === undefined ? {} : { ca } } : {}),
  };
}
