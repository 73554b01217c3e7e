import type * as pulumi from "@pulumi/pulumi";
import type { TopicArgs } from "./topic";
import { kafkaName } from "./names";

/** A source beside Steam's: what the stack has to know of it. docs/adding-a-source.md walks through one. */
export interface FurtherSource {
  /** Its name in `pipeline/source/`. */
  name: string;
  /** Begins its placeholders in `sql/`: `weather` makes {weatherTopic:String} and {weatherGroup:String}. */
  placeholder: string;
  /** Its topic on the dev stack. Others put their name before it. */
  topic: string;
  /** The consumer group of its Kafka table on the dev stack. */
  group: string;
  /** The table that its rows end in, with a column fetch_time; its Kafka table is `kafka_` and this, its view this and `_mv`. */
  table: string;
  /** Seconds between two polls, by which the status tells a source that has stalled. */
  pollIntervalSeconds: number;
  /** The variable that tells its source the topic. */
  topicVariable: string;
  /** Other variables of its source. */
  environment: Readonly<Record<string, string>>;
}

/** Every source beside Steam's. */
export const furtherSources: readonly FurtherSource[] = [];

/** Their topics, each with the settings that all topics of the stack have. */
export function furtherTopics(
  stack: string,
  settings: Omit<TopicArgs, "resourceName" | "topicName">,
): TopicArgs[] {
  return furtherSources.map(({ name, topic }) => ({
    ...settings,
    resourceName: `${name}-topic`,
    topicName: kafkaName(stack, topic),
  }));
}

/** Their ways from topic to table, for whoever looks after the stack. */
export function furtherStreams(stack: string) {
  return furtherSources.map(({ topic, group, table, pollIntervalSeconds }) => ({
    topic: kafkaName(stack, topic),
    group: kafkaName(stack, group),
    table,
    pollIntervalSeconds,
  }));
}

/** What `sql/` is told of them. A table waits for the topic whose name it holds. */
export function furtherPlaceholders(
  stack: string,
  topics: readonly pulumi.Output<string>[],
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    furtherSources.flatMap(({ placeholder, topic, group }, index) => [
      [`${placeholder}Topic`, topics[index] ?? kafkaName(stack, topic)],
      [`${placeholder}Group`, kafkaName(stack, group)],
    ]),
  );
}

/** What the producer is told of them. */
export function furtherEnvironment(
  topics: readonly pulumi.Output<string>[],
): Record<string, pulumi.Input<string>> {
  if (furtherSources.length === 0) return {};
  const steam = ["steam-top-games", "steam-game-details"];
  return Object.assign(
    { SOURCES: [...steam, ...furtherSources.map(({ name }) => name)].join(",") },
    ...furtherSources.map(({ topicVariable, topic, environment }, index) => ({
      [topicVariable]: topics[index] ?? topic,
      ...environment,
    })),
  ) as Record<string, pulumi.Input<string>>;
}
