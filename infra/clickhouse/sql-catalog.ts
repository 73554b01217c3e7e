import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../dynamic-resource";
import type { ObjectKind } from "./catalog";
import type { Connection } from "./client";

export interface SqlCatalogArgs {
  /** Every object of `sql/`, with its kind. */
  objects: Record<string, ObjectKind>;
  /** Objects whose rows config allows to be destroyed. */
  allowDestroy: string[];
  /** Whether the ClickHouse is one that the stack does not make. @default false */
  external?: boolean | undefined;
  /** Made a secret here. */
  connection: pulumi.Input<{ [K in keyof Connection]: pulumi.Input<Connection[K]> }>;
}

/**
 * The list of what `sql/` declares. It changes when a file comes or goes, and is there so that an object whose
 * file went is planned, and refused where it holds rows, before anything is dropped.
 */
export class SqlCatalog extends DynamicResource {
  constructor(name: string, args: SqlCatalogArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "clickhouse:SqlCatalog",
      "sqlCatalogProvider",
      name,
      { ...args, connection: pulumi.secret(args.connection) },
      { ...opts, additionalSecretOutputs: ["connection"] },
    );
  }
}
