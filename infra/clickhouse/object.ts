import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { DynamicResource } from "../dynamic-resource";
import type { ObjectKind } from "./catalog";
import type { Connection } from "./client";
import type { DeclaredView } from "./desired";
import type { Policy } from "./policy";

type DeclaredViews = Record<string, { [K in keyof DeclaredView]: pulumi.Input<DeclaredView[K]> }>;

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
  /** Kafka tables whose messages reach it, a Kafka table itself among them, each with all views declared to read that table. */
  feeds: Record<string, string[]>;
  /** For a Kafka table, the views that read it; for a table, those that write to it. */
  views: DeclaredViews;
  /** For a table, the views that read it. */
  below: DeclaredViews;
  /** For a Kafka table, how its brokers are reached from here. */
  kafka?: pulumi.Input<KafkaAccess>;
  /** Made a secret here. */
  connection: pulumi.Input<{ [K in keyof Connection]: pulumi.Input<Connection[K]> }>;
}

/** One object of `sql/` in the warehouse: a table, view, dictionary or named collection. */
export class SqlObject extends DynamicResource {
  constructor(name: string, args: SqlObjectArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "clickhouse:SqlObject",
      "sqlObjectProvider",
      name,
      { ...args, connection: pulumi.secret(args.connection), fingerprint: undefined },
      { ...opts, additionalSecretOutputs: ["connection"] },
    );
  }
}
