/* Types of what comes without them: only what is used. */

declare module "snappyjs" {
  export function compress(bytes: Uint8Array): Uint8Array;
  export function uncompress(bytes: Uint8Array): Uint8Array;
}

declare module "@bokuweb/zstd-wasm" {
  export function init(): Promise<void>;
  export function compress(bytes: Uint8Array, level: number): Uint8Array;
  export function decompress(bytes: Uint8Array): Uint8Array;
}

declare module "kafkajs/src/loggers" {
  import type { logCreator, logLevel } from "kafkajs";
  export interface RootLogger {
    namespace(name: string): RootLogger;
  }
  export function createLogger(options: { level: logLevel; logCreator: logCreator }): RootLogger;
}

declare module "kafkajs/src/protocol/error" {
  /** An error with the `type` that belongs to a code of the protocol. */
  export function createErrorFromCode(code: number): Error & { type: string; retriable: boolean };
}

declare module "kafkajs/src/cluster" {
  import type { ISocketFactory, SASLOptions } from "kafkajs";
  import type { ConnectionOptions } from "node:tls";
  import type { RootLogger } from "kafkajs/src/loggers";

  interface Retry {
    retries: number;
    initialRetryTime?: number;
  }

  interface PartitionMetadata {
    partitionId: number;
    partitionErrorCode: number;
    leader: number;
  }

  interface TransactionalCall {
    transactionalId: string;
    producerId: string;
    producerEpoch: number;
  }

  interface Offsets {
    responses: { partitions: { partition: number; errorCode: number; offset: string }[] }[];
  }

  export interface FetchedMessage {
    offset: string;
    timestamp: string;
    key: Buffer | null;
    value: Buffer | null;
    headers?: Record<string, Buffer | Buffer[]>;
    isControlRecord: boolean;
  }

  interface FetchedPartition {
    errorCode: number;
    abortedTransactions: { producerId: string; firstOffset: string }[];
    messages: FetchedMessage[];
  }

  export interface Broker {
    nodeId: number;
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    connectionPool: {
      send<T>(request: { request: object; response: object; requestTimeout?: number }): Promise<T>;
    };
    initProducerId(args: {
      transactionalId?: string | undefined;
      transactionTimeout: number;
    }): Promise<{ producerId: string; producerEpoch: number }>;
    addPartitionsToTxn(
      args: TransactionalCall & {
        topics: { topic: string; partitions: number[] }[];
      },
    ): Promise<unknown>;
    fetch(args: {
      replicaId: number;
      isolationLevel: number;
      maxWaitTime: number;
      minBytes: number;
      maxBytes: number;
      topics: {
        topic: string;
        partitions: { partition: number; fetchOffset: string; maxBytes: number }[];
      }[];
    }): Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
    endTxn(args: TransactionalCall & { transactionResult: boolean }): Promise<unknown>;
    leaveGroup(args: { groupId: string; memberId: string }): Promise<unknown>;
    offsetCommit(args: {
      groupId: string;
      groupGenerationId: number;
      memberId: string;
      retentionTime: number;
      topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
    }): Promise<unknown>;
    listOffsets(args: {
      replicaId: number;
      isolationLevel: number;
      topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[];
    }): Promise<Offsets>;
  }

  export default class Cluster {
    constructor(options: {
      logger: RootLogger;
      socketFactory: ISocketFactory;
      brokers: string[];
      ssl: ConnectionOptions | undefined;
      sasl: SASLOptions | undefined;
      clientId: string;
      connectionTimeout: number;
      authenticationTimeout: number;
      reauthenticationThreshold: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      metadataMaxAge: number;
      allowAutoTopicCreation: boolean;
      retry: Retry;
    });
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addTargetTopic(topic: string): Promise<void>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    findBroker(args: { nodeId: number }): Promise<Broker>;
    findControllerBroker(): Promise<Broker>;
    findTopicPartitionMetadata(topic: string): PartitionMetadata[];
    findGroupCoordinator(args: { groupId: string; coordinatorType: number }): Promise<Broker>;
  }
}

declare module "kafkajs/src/consumer/filterAbortedMessages" {
  import type { FetchedMessage, FetchedPartition } from "kafkajs/src/cluster";
  /** The messages without those of aborted transactions. */
  export default function filterAbortedMessages(args: {
    messages: FetchedMessage[];
    abortedTransactions: FetchedPartition["abortedTransactions"];
  }): FetchedMessage[];
}

declare module "kafkajs/src/protocol/request" {
  export default function createRequest(args: {
    request: object;
    correlationId: number;
    clientId: string;
  }): Promise<{ buffer: Buffer }>;
}

declare module "kafkajs/src/broker/saslAuthenticator" {
  import type { SASLOptions } from "kafkajs";
  import type { RootLogger } from "kafkajs/src/loggers";
  import type { WireRequest } from "./kafkajs-internals";

  /** Logs in on a connection, by the mechanism that `sasl` names. */
  export default class SaslAuthenticator {
    constructor(
      connection: {
        host: string;
        port: number;
        sasl: SASLOptions;
        send<T>(request: WireRequest<T>): Promise<T>;
      },
      logger: RootLogger,
      versions: Record<number, { minVersion: number; maxVersion: number }>,
      supportAuthenticationProtocol: boolean,
    );
    authenticate(): Promise<void>;
  }
}
