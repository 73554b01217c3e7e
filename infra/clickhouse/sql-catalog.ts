import * as pulumi from "@pulumi/pulumi";
import type * as dynamic from "@steamline/dynamic";
import type { ObjectKind } from "./catalog";
import type { Connection } from "./client";
import type { CatalogInputs } from "./catalog-lifecycle";

type Dynamic = typeof dynamic;

export interface SqlCatalogArgs {
  /** Every object of `sql/`, with its kind. */
  objects: Record<string, ObjectKind>;
  /** Objects whose rows config allows to be destroyed. */
  allowDestroy: string[];
  /** Made a secret here. */
  connection: pulumi.Input<{ [K in keyof Connection]: pulumi.Input<Connection[K]> }>;
}

const provider: pulumi.dynamic.ResourceProvider<CatalogInputs, CatalogInputs> = {
  diff: async (_id, olds, news) =>
    (require("@steamline/dynamic") as Dynamic).sqlCatalog.diff(olds, news),
  create: (inputs) => (require("@steamline/dynamic") as Dynamic).sqlCatalog.create(inputs),
  update: (_id, olds, news) =>
    (require("@steamline/dynamic") as Dynamic).sqlCatalog.update(olds, news),
};

/**
 * The list of what `sql/` declares. It changes when a file comes or goes, and is there so that an object whose
 * file went is planned, and refused where it holds rows, before anything is dropped.
 */
export class SqlCatalog extends pulumi.dynamic.Resource {
  constructor(name: string, args: SqlCatalogArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, connection: pulumi.secret(args.connection) },
      { ...opts, additionalSecretOutputs: ["connection"] },
      "clickhouse",
      "SqlCatalog",
    );
  }
}
