import type { Admin } from "kafkajs";
import { clusterOptions, type KafkaAccess } from "../../pipeline/kafka/access";
import { asAdmin, silentKafka } from "../../pipeline/kafka/admin";
import { ASIDE } from "../clickhouse/aside";
import { KafkaCluster } from "../../pipeline/kafka/cluster";
import { createLog } from "../../pipeline/log";
import { OffsetError } from "./error";
import type { Position } from "./goal";

export interface Member {
  memberId: string;
  /** By which ClickHouse names its table: `ClickHouse-HOST-DATABASE-TABLE`. */
  clientId: string;
  host: string;
}

export interface GroupState {
  /** Stable, Empty, Dead and so on. */
  state: string;
  members: Member[];
}

/** A consumer group on one topic: what it has read, who reads, and, while nobody does, where it goes on. */
export class ConsumerGroup {
  constructor(
    private readonly kafka: KafkaAccess,
    readonly topic: string,
    readonly group: string,
  ) {}

  /** @throws OffsetError (UNKNOWN_TOPIC), (UNREACHABLE) */
  positions(): Promise<Position[]> {
    return this.asked(async (admin) => {
      const topics = await admin.listTopics();
      if (!topics.includes(this.topic)) {
        const named = topics.filter((name) => !name.startsWith("__")).sort();
        throw new OffsetError("UNKNOWN_TOPIC", `there is no topic ${this.topic}`, {
          where: `Kafka at ${this.kafka.brokers}`,
          fix: `it has ${named.join(", ") || "none"}; nothing was changed`,
        });
      }
      const [kept, [committed]] = await Promise.all([
        admin.fetchTopicOffsets(this.topic),
        admin.fetchOffsets({ groupId: this.group, topics: [this.topic] }),
      ]);
      return kept
        .map(({ partition, low, high }) => {
          const own = committed?.partitions.find((one) => one.partition === partition);
          const offset = Number(own?.offset ?? -1);
          return {
            partition,
            low: Number(low),
            end: Number(high),
            committed: offset < 0 ? undefined : offset,
          };
        })
        .sort((a, b) => a.partition - b.partition);
    });
  }

  /** The first message's offset of that time or later, by partition; without those that have none so young. */
  offsetsAt(ms: number): Promise<Map<number, number>> {
    return this.asked(async (admin) => {
      const found = await admin.fetchTopicOffsetsByTimestamp(this.topic, ms);
      return new Map(
        found
          .filter(({ offset }) => Number(offset) >= 0)
          .map(({ partition, offset }) => [partition, Number(offset)]),
      );
    });
  }

  state(): Promise<GroupState> {
    return this.asked(async (admin) => {
      const { groups } = await admin.describeGroups([this.group]);
      const [found] = groups;
      const members = (found?.members ?? []).map(({ memberId, clientId, clientHost }) => ({
        memberId,
        // Made behind its gate, a table keeps the name it has there until the server starts again.
        clientId: clientId.replace(new RegExp(`${ASIDE}(?=(-\\d+)?$)`), ""),
        host: clientHost.replace(/^\//, ""),
      }));
      return { state: found?.state ?? "Dead", members };
    });
  }

  /** Has members leave that are gone but would count until their session ends, such as a detached table's. */
  remove(members: readonly Member[]): Promise<void> {
    return this.coordinated(async (cluster) => {
      for (const { memberId } of members)
        await cluster.groupCoordinator(this.group, (broker) =>
          broker.leaveGroup({ groupId: this.group, memberId }),
        );
    });
  }

  /** Sets where the group goes on. Kafka refuses that while the group has a member. */
  commit(targets: readonly { partition: number; target: number }[]): Promise<void> {
    const partitions = targets.map(({ partition, target }) => ({
      partition,
      offset: String(target),
    }));
    return this.coordinated(async (cluster) => {
      await cluster.groupCoordinator(this.group, (broker) =>
        broker.offsetCommit({
          groupId: this.group,
          groupGenerationId: -1,
          memberId: "",
          retentionTime: -1,
          topics: [{ topic: this.topic, partitions }],
        }),
      );
    });
  }

  private async coordinated(work: (cluster: KafkaCluster) => Promise<void>): Promise<void> {
    const log = createLog("silent", "text");
    const cluster = new KafkaCluster(
      { ...clusterOptions(this.kafka), clientId: "steamline-offsets" },
      log,
    );
    try {
      await work(cluster);
    } finally {
      cluster.close();
    }
  }

  private async asked<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const kafka = silentKafka(this.kafka, {
      clientId: "steamline-offsets",
      connectionTimeout: 2000,
      requestTimeout: 5000,
      retry: { retries: 2, initialRetryTime: 100 },
    });
    try {
      return await asAdmin(kafka, work);
    } catch (cause) {
      if (cause instanceof OffsetError) throw cause;
      throw new OffsetError(
        "UNREACHABLE",
        `Kafka does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          where: `Kafka at ${this.kafka.brokers}`,
          fix: "npm run status tells whether the broker runs; nothing was changed",
          cause,
        },
      );
    }
  }
}
