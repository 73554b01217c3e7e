import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import type { SaslAccess } from "../pipeline/kafka/access";
import { MECHANISM } from "./broker-security";
import { Password } from "./password";

/** What a user may do, by name. */
export interface Rights {
  /** Topics that it may write to. */
  writes?: readonly string[];
  /** Topics that it may read. */
  reads?: readonly string[];
  /** Consumer groups that it may read in. */
  groups?: readonly string[];
  /** Transactions that it may make. */
  transactionalIds?: readonly string[];
}

/** How a container of the stack reaches the brokers. */
export interface KafkaClient {
  /** As `host:port,host:port`. Resolved once what the client may do is in force. */
  servers: pulumi.Output<string>;
  /** @default none, and everything goes in clear */
  login?: KafkaLogin;
}

/** What the brokers ask of a client. */
export interface KafkaLogin {
  /** The same, known before they answer. */
  servers: string;
  /** With the certificate of who signed the brokers', as PEM. @default in clear, and the well-known authorities */
  tls?: { ca?: pulumi.Input<string> };
  sasl?: {
    mechanism: SaslAccess["mechanism"];
    username: string;
    password: pulumi.Output<string>;
  };
}

/** A user that proves itself by a password, and may do what is said here, and nothing else. */
export class KafkaUser extends pulumi.ComponentResource {
  readonly username: string;
  readonly password: pulumi.Output<string>;
  /** All that has to be made before the user may do it all. */
  readonly ready: pulumi.Output<unknown>;

  constructor(name: string, rights: Rights, opts: UserOptions) {
    super("steamline:kafka:User", `kafka-${name}`, {}, { parent: opts.parent });
    const { provider, deletedWith, dependsOn } = opts;
    const options = { parent: this, provider, deletedWith, dependsOn };
    this.username = name;
    this.password = new Password(`kafka-${name}-password`, `${name} of Kafka`, {
      parent: this,
    }).value;
    const credential = new kafka.UserScramCredential(
      `kafka-${name}-credential`,
      { username: name, scramMechanism: MECHANISM, password: this.password },
      options,
    );
    const acls = [
      ...entries("Topic", "Write", rights.writes),
      ...entries("Topic", "Read", rights.reads),
      ...entries("Group", "Read", rights.groups),
      ...entries("TransactionalID", "Write", rights.transactionalIds),
    ].map(
      ({ type, operation, subject }) =>
        new kafka.Acl(
          `kafka-${name}-${operation}-${type}-`.toLowerCase() + subject,
          {
            aclResourceName: subject,
            aclResourceType: type,
            aclPrincipal: `User:${name}`,
            aclHost: "*",
            aclOperation: operation,
            aclPermissionType: "Allow",
            resourcePatternTypeFilter: "Literal",
          },
          options,
        ),
    );
    this.ready = pulumi.all([credential, ...acls].map(({ urn }) => urn));
    this.registerOutputs({ username: this.username });
  }
}

export interface UserOptions {
  parent: pulumi.Resource;
  provider: kafka.Provider;
  deletedWith: pulumi.Resource;
  /** The brokers, which have to answer. */
  dependsOn: pulumi.Resource[];
}

/** To write implies to describe, and so does to read. */
function entries(
  type: "Topic" | "Group" | "TransactionalID",
  operation: "Read" | "Write",
  subjects: readonly string[] = [],
) {
  return subjects.map((subject) => ({ type, operation, subject }));
}
