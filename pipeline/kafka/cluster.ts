import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { logLevel, type ISocketFactory, type SASLOptions } from "kafkajs";
import type { Broker } from "kafkajs/src/cluster";
import type { Logger } from "pino";
import { within } from "../wait";
import { Cluster, createLogger, type WireRequest } from "./kafkajs-internals";
import { failureOf, topicMissing, unanswered } from "./failure";

const REAUTHENTICATION_MS = 10_000;
/** How long the number of partitions and their leaders are taken for granted. */
const METADATA_AGE_MS = 60_000;
const KEEP_ALIVE_MS = 60_000;

export interface ClusterOptions {
  /** As `host:port`. */
  brokers: readonly string[];
  clientId: string;
  tls?: ConnectionOptions;
  sasl?: SASLOptions;
  /** After which a request counts as lost, and its connection with it. @default 10000 */
  requestTimeoutMs?: number;
  /** After which opening a connection counts as failed, and logging in on it. @default 5000 */
  connectTimeoutMs?: number;
}

export interface Leader {
  partition: number;
  nodeId: number;
}

/**
 * Connections to the brokers, by kafkajs, but for what it does with one that hangs: there, a request that
 * timed out is sent again into the same dead socket, for minutes, and a log-in is waited for without end. Here
 * every call ends, and `reset` destroys the sockets, so that the next one begins anew.
 */
export class KafkaCluster {
  private cluster: Cluster | undefined;
  private readonly sockets = new Set<Socket>();

  private readonly options: ClusterOptions &
    Required<Pick<ClusterOptions, "requestTimeoutMs" | "connectTimeoutMs">>;

  constructor(
    options: ClusterOptions,
    private readonly log: Logger,
  ) {
    this.options = { requestTimeoutMs: 10_000, connectTimeoutMs: 5_000, ...options };
  }

  /** Which broker leads each partition of a topic. @throws PipelineError */
  async leaders(topic: string): Promise<Leader[]> {
    return this.guard(topic, async (cluster) => {
      await cluster.addTargetTopic(topic);
      await cluster.refreshMetadataIfNecessary();
      const partitions = cluster.findTopicPartitionMetadata(topic);
      if (partitions.length === 0) throw topicMissing(topic);
      return partitions
        .map(({ partitionId, leader }) => ({ partition: partitionId, nodeId: leader }))
        .sort((a, b) => a.partition - b.partition);
    });
  }

  /** A broker that is connected and authenticated. @throws PipelineError */
  async broker(nodeId: number): Promise<Broker> {
    return this.guard("", async (cluster) => {
      const broker = await cluster.findBroker({ nodeId });
      await broker.connect();
      return broker;
    });
  }

  /** Looks again who leads what. @throws PipelineError */
  async refresh(): Promise<void> {
    await this.guard("", (cluster) => cluster.refreshMetadata());
  }

  /** Sends a request and gives its answer. @throws PipelineError */
  async ask<T>(broker: Broker, request: WireRequest<T>): Promise<T> {
    try {
      return await this.inTime(broker.connectionPool.send<T>(request));
    } catch (error) {
      throw failureOf("", error);
    }
  }

  /** Calls a method of the broker that coordinates a transactional id, or of any where there is none. */
  async coordinator<T>(
    transactionalId: string | undefined,
    call: (broker: Broker) => Promise<T>,
  ): Promise<T> {
    return this.guard("", async (cluster) => {
      const broker =
        transactionalId === undefined
          ? await cluster.findControllerBroker()
          : await cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: 1 });
      return call(broker);
    });
  }

  /** Calls a method of the broker that coordinates a consumer group. @throws PipelineError */
  async groupCoordinator<T>(groupId: string, call: (broker: Broker) => Promise<T>): Promise<T> {
    return this.guard("", async (cluster) => {
      await cluster.refreshMetadata();
      return call(await cluster.findGroupCoordinator({ groupId, coordinatorType: 0 }));
    });
  }

  /** Offsets that the next records of these partitions get. @throws PipelineError */
  async endOffsets(topic: string, leaders: readonly Leader[]): Promise<Map<number, bigint>> {
    const ends = new Map<number, bigint>();
    for (const nodeId of new Set(leaders.map((leader) => leader.nodeId))) {
      const partitions = leaders
        .filter((leader) => leader.nodeId === nodeId)
        .map(({ partition }) => ({ partition, timestamp: -1 }));
      const broker = await this.broker(nodeId);
      const topics = [{ topic, partitions }];
      const asking = broker.listOffsets({ replicaId: -1, isolationLevel: 0, topics });
      const { responses } = await this.inTime(asking).catch((error: unknown) => {
        throw failureOf(topic, error);
      });
      for (const { partition, offset } of responses.flatMap((response) => response.partitions))
        ends.set(partition, BigInt(offset));
    }
    return ends;
  }

  /** Closes every connection, so that what waits fails at once and the next call opens new ones. */
  reset(): void {
    this.cluster = undefined;
    const gone = new Error("the connection was given up");
    for (const socket of this.sockets) socket.destroy(gone);
    this.sockets.clear();
  }

  close(): void {
    this.reset();
  }

  private async guard<T>(topic: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
    const cluster = (this.cluster ??= this.open());
    try {
      return await this.inTime(cluster.connect().then(() => work(cluster)));
    } catch (error) {
      const failure = failureOf(topic, error);
      // kafkajs takes a broker that did not answer its first request for connected, and for good.
      if (failure.code === "KAFKA_UNREACHABLE") this.reset();
      throw failure;
    }
  }

  /** Long enough for a connection, a log-in, and two requests of which each takes its time. */
  private inTime<T>(work: Promise<T>): Promise<T> {
    const { requestTimeoutMs, connectTimeoutMs } = this.options;
    const deadlineMs = 2 * connectTimeoutMs + 2 * requestTimeoutMs;
    return within(deadlineMs, work, () => unanswered(deadlineMs));
  }

  private open(): Cluster {
    const { brokers, clientId, tls, sasl, requestTimeoutMs, connectTimeoutMs } = this.options;
    return new Cluster({
      // What matters of kafkajs's words comes back as an error and is told once, in this project's words.
      logger: createLogger({
        level: this.log.isLevelEnabled("debug") ? logLevel.INFO : logLevel.NOTHING,
        logCreator:
          () =>
          ({ namespace, log: { message } }) =>
            this.log.debug({ kafkajs: namespace }, message),
      }),
      socketFactory: this.socketFactory,
      brokers: [...brokers],
      ssl: tls,
      sasl,
      clientId,
      connectionTimeout: connectTimeoutMs,
      authenticationTimeout: connectTimeoutMs,
      reauthenticationThreshold: REAUTHENTICATION_MS,
      requestTimeout: requestTimeoutMs,
      enforceRequestTimeout: true,
      metadataMaxAge: METADATA_AGE_MS,
      allowAutoTopicCreation: false,
      retry: { retries: 0, initialRetryTime: 100 },
    });
  }

  private readonly socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl
      ? connectTls({ host, port, ...servername, ...ssl }, onConnect)
      : connectTcp({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
    return socket;
  };
}
