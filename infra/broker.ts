import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { internalServers } from "./broker-environment";
import { declareNodes, type NodesArgs } from "./broker-nodes";
import { topicInputs, type TopicArgs } from "./topic";

export interface BrokerArgs extends NodesArgs {
  topics: { topGames: TopicArgs; gameDetails: TopicArgs };
  /** Topics of sources beside Steam's. */
  furtherTopics?: readonly TopicArgs[];
}

/**
 * Kafka in KRaft mode with its topics: one node or several, of which the first three are controllers as well.
 * Ready when every node answers; each topic's name resolves once that topic exists. A change that replaces the
 * nodes' containers replaces one after the other, each once the one before has every record again.
 */
export class Broker extends pulumi.ComponentResource {
  /** For containers of the stack, as `host:port,host:port`. */
  readonly internalServers: pulumi.Output<string>;
  /** For programs on the host, as `host:port,host:port`. */
  readonly bootstrapServers: pulumi.Output<string>;
  /** Names of the topics. */
  readonly topics: { topGames: pulumi.Output<string>; gameDetails: pulumi.Output<string> };
  /** Names of the further ones, in their order. */
  readonly furtherTopics: readonly pulumi.Output<string>[];

  constructor(name: string, args: BrokerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:kafka:Broker", name, {}, opts);
    const hosts = args.ports.map((port) => `localhost:${port}`);
    const { ready, deletedWith } = declareNodes(this, name, args, hosts);
    const provider = new kafka.Provider(
      `${name}-admin`,
      // Plain strings, so that a preview can tell what changes; the topics wait for the containers.
      { bootstrapServers: hosts, tlsEnabled: false },
      { parent: this },
    );
    const declareTopic = (topic: TopicArgs) =>
      new kafka.Topic(topic.resourceName, topicInputs(topic), {
        parent: this,
        provider,
        dependsOn: ready,
        // Fewer partitions mean a new topic, and its messages are lost.
        protect: args.protectData,
        deleteBeforeReplace: true,
        deletedWith,
      }).name;
    this.topics = {
      topGames: declareTopic(args.topics.topGames),
      gameDetails: declareTopic(args.topics.gameDetails),
    };
    this.furtherTopics = (args.furtherTopics ?? []).map(declareTopic);
    const answering = pulumi.all(ready.map(({ urn }) => urn));
    this.internalServers = answering.apply(() => internalServers(args.ports.length));
    this.bootstrapServers = answering.apply(() => hosts.join(","));
    this.registerOutputs({
      internalServers: this.internalServers,
      bootstrapServers: this.bootstrapServers,
    });
  }
}
