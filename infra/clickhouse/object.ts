import * as pulumi from "@pulumi/pulumi";
import type * as dynamic from "@steamline/dynamic";
import type { ObjectKind } from "./catalog";
import type { Connection } from "./client";
import type { DeclaredView } from "./desired";
import type { SqlObjectInputs, SqlObjectState } from "./lifecycle";
import type { Policy } from "./policy";

type Dynamic = typeof dynamic;

export interface SqlObjectArgs {
  /** The object's name in the warehouse, which its statement creates. */
  name: string;
  kind: ObjectKind;
  /** The CREATE statement, rendered and without comments. */
  statement: pulumi.Input<string>;
  /** The same in the engine's words: what counts when it is asked whether anything changed. */
  definition: pulumi.Input<string>;
  /** What the file's header asks for beside the statement. */
  policy: Policy;
  /** Whether config allows rows of this object to be destroyed. */
  allowDestroy: boolean;
  /** Definitions of the objects whose replacement this one has to follow, by name. */
  upstream: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Kafka tables whose messages reach it, each with all views declared to read that table. */
  feeds: Record<string, string[]>;
  /** For a Kafka table, the views that read it; for a table, those that write to it. */
  views: Record<string, { [K in keyof DeclaredView]: pulumi.Input<DeclaredView[K]> }>;
  /** Made a secret here. */
  connection: pulumi.Input<{ [K in keyof Connection]: pulumi.Input<Connection[K]> }>;
}

/**
 * Pulumi keeps this object's code in the state and runs it from there on refresh and delete. So each method
 * only calls into the checkout: an edit of the logic is no change of the resource, and a destroy runs
 * today's code.
 */
const provider: pulumi.dynamic.ResourceProvider<SqlObjectInputs, SqlObjectState> = {
  diff: async (_id, olds, news) =>
    (require("@steamline/dynamic") as Dynamic).sqlObject.diff(olds, news),
  create: (inputs) => (require("@steamline/dynamic") as Dynamic).sqlObject.create(inputs),
  read: (id, state) => (require("@steamline/dynamic") as Dynamic).sqlObject.read(id, state),
  update: (_id, olds, news) =>
    (require("@steamline/dynamic") as Dynamic).sqlObject.update(olds, news),
  delete: (_id, state) => (require("@steamline/dynamic") as Dynamic).sqlObject.del(state),
};

/** One object of `sql/` in the warehouse: a table, view, dictionary or named collection. */
export class SqlObject extends pulumi.dynamic.Resource {
  constructor(name: string, args: SqlObjectArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, connection: pulumi.secret(args.connection), fingerprint: undefined },
      { ...opts, additionalSecretOutputs: ["connection"] },
      "clickhouse",
      "SqlObject",
    );
  }
}
