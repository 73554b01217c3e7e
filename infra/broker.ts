import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../pipeline/kafka/access";
import { internalServers } from "./broker-environment";
import { declareNodes, type NodesArgs } from "./broker-nodes";
import type { KafkaSecurity } from "./kafka-security";
import { KafkaUser, type KafkaClient, type Rights, type UserOptions } from "./kafka-users";
import { serversAt } from "./node-address";
import { declareTopics, type TopicsArgs } from "./topic";

export type BrokerArgs = NodesArgs & TopicsArgs;

/**
 * Kafka in KRaft mode with its topics: one node or several, of which the first three are controllers as well.
 * Ready when every node answers; each topic's name resolves once that topic exists. A change that replaces the
 * nodes' containers replaces one after the other, each once the one before has every record again.
 */
export class Broker extends pulumi.ComponentResource {
  /** For whoever deploys, as `host:port,host:port`. */
  readonly bootstrapServers: pulumi.Output<string>;
  /** How such a program reaches it that may do everything. Holds a secret where clients prove who they are. */
  readonly access: pulumi.Output<KafkaAccess>;
  /** Names of the topics. */
  readonly topics: { topGames: pulumi.Output<string>; gameDetails: pulumi.Output<string> };
  /** Names of the further ones, in their order. */
  readonly furtherTopics: readonly pulumi.Output<string>[];
  /** For containers of the stack. */
  private readonly servers: string;
  /** The same, once they answer. */
  private readonly answeringServers: pulumi.Output<string>;
  /** What its users are declared with, where it has any. */
  private readonly users: { authority: pulumi.Output<string>; options: UserOptions } | undefined;

  constructor(name: string, args: BrokerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:kafka:Broker", name, {}, opts);
    const addresses = args.hosts?.map(({ address }) => address);
    const hosts = addresses
      ? serversAt(addresses, "external").split(",")
      : args.ports.map((port) => `localhost:${port}`);
    const { ready, deletedWith } = declareNodes(this, name, args, hosts);
    const { security } = args;
    const provider = new kafka.Provider(
      `${name}-admin`,
      // Plain strings, so that a preview can tell what changes; the topics wait for the containers.
      { bootstrapServers: hosts, ...tlsOf(security) },
      { parent: this },
    );
    const where = { parent: this, provider, dependsOn: ready, deletedWith };
    ({ topics: this.topics, furtherTopics: this.furtherTopics } = declareTopics(args, where));
    const answering = pulumi.all(ready.map(({ urn }) => urn));
    this.servers = addresses
      ? serversAt(addresses, "internal")
      : internalServers(args.ports.length);
    this.answeringServers = answering.apply(() => this.servers);
    this.bootstrapServers = answering.apply(() => hosts.join(","));
    this.access = pulumi.output({
      brokers: this.bootstrapServers,
      ...(security ? { tls: security.admin } : {}),
    });
    if (security) {
      // Brokers that ask nobody take no request about users, and their rights are of no account there.
      const options = { parent: this, provider, deletedWith: security, dependsOn: ready };
      this.users = { authority: security.authority, options };
    }
    this.registerOutputs({ bootstrapServers: this.bootstrapServers });
  }

  /** How a container of the stack reaches it that does no more than it says here. */
  client(name: string, rights: Rights): KafkaClient {
    if (!this.users) return { servers: this.answeringServers };
    const { authority, options } = this.users;
    const { username, password, ready } = new KafkaUser(name, rights, options);
    return {
      servers: pulumi.all([this.answeringServers, ready]).apply(([servers]) => servers),
      login: {
        servers: this.servers,
        tls: { ca: authority },
        sasl: { mechanism: "scram-sha-512", username, password },
      },
    };
  }
}

function tlsOf(security: KafkaSecurity | undefined): Omit<kafka.ProviderArgs, "bootstrapServers"> {
  if (!security) return { tlsEnabled: false };
  const { ca, cert, key } = security.admin;
  return { tlsEnabled: true, caCert: ca, clientCert: cert, clientKey: key };
}
