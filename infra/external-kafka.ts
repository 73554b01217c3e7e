import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../pipeline/kafka/access";
import { ClusterShape } from "./broker-rollout";
import { DynamicResource } from "./dynamic-resource";
import type { KafkaClient } from "./kafka-users";
import { declareTopics, type TopicsArgs } from "./topic";

/** That a Kafka answers and lets in. A preview says why it does not. */
export class KafkaEndpoint extends DynamicResource {
  /** @param replicas of a topic, for which it has to have brokers */
  constructor(
    name: string,
    access: KafkaAccess,
    replicas: number,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = { access: pulumi.secret(access), replicas };
    const secret = { additionalSecretOutputs: ["access"] };
    super("steamline:KafkaEndpoint", "kafkaEndpointProvider", name, props, { ...opts, ...secret });
  }
}

export interface ExternalKafkaArgs extends TopicsArgs {
  /** How it is reached, from this machine and from containers alike, by one who may make topics, write and read. */
  access: KafkaAccess;
}

/** A Kafka that the stack did not make, with the stack's topics in it, which go with the stack. */
export class ExternalKafka extends pulumi.ComponentResource {
  /** As `host:port,host:port`. */
  readonly bootstrapServers: pulumi.Output<string>;
  /** Holds a secret where there is a password. */
  readonly access: pulumi.Output<KafkaAccess>;
  /** Names of the topics. */
  readonly topics: { topGames: pulumi.Output<string>; gameDetails: pulumi.Output<string> };
  /** Names of the further ones, in their order. */
  readonly furtherTopics: readonly pulumi.Output<string>[];
  private readonly given: KafkaAccess;

  constructor(name: string, args: ExternalKafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:kafka:External", name, {}, opts);
    this.given = args.access;
    const shape = { controllers: 0, brokers: args.access.brokers.split(",") };
    const dependsOn = new ClusterShape(`${name}-shape`, shape, { parent: this });
    const replicas = args.topics.topGames.replicationFactor;
    const endpoint = new KafkaEndpoint(`${name}-endpoint`, args.access, replicas, {
      parent: this,
      dependsOn,
    });
    const provider = new kafka.Provider(`${name}-admin`, providerArgs(args.access), {
      parent: this,
    });
    const where = { parent: this, provider, dependsOn: endpoint };
    ({ topics: this.topics, furtherTopics: this.furtherTopics } = declareTopics(args, where));
    const { brokers, sasl } = args.access;
    this.bootstrapServers = endpoint.urn.apply(() => brokers);
    this.access = sasl ? pulumi.secret(args.access) : pulumi.output(args.access);
    this.registerOutputs({ bootstrapServers: this.bootstrapServers });
  }

  /** How a container of the stack reaches it: all in the same way, as whoever runs it says what they may do. */
  client(): KafkaClient {
    const { brokers, tls, sasl } = this.given;
    const login = {
      servers: brokers,
      ...(tls ? { tls } : {}),
      ...(sasl ? { sasl: { ...sasl, password: pulumi.secret(sasl.password) } } : {}),
    };
    return { servers: this.bootstrapServers, ...(tls || sasl ? { login } : {}) };
  }
}

function providerArgs({ brokers, tls, sasl }: KafkaAccess): kafka.ProviderArgs {
  return {
    bootstrapServers: brokers.split(","),
    tlsEnabled: tls !== undefined,
    ...(tls?.ca === undefined ? {} : { caCert: tls.ca }),
    ...(sasl
      ? {
          // Its names have no dash before the number.
          saslMechanism: sasl.mechanism.replace("sha-", "sha"),
          saslUsername: sasl.username,
          saslPassword: pulumi.secret(sasl.password),
        }
      : {}),
  };
}
