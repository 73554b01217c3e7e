/** One message, as Kafka has it. */
export interface Message {
  key: string;
  value: string;
}

/** Where a batch went: its messages stand in the partition one after the other from `baseOffset`. */
export interface Receipt {
  baseOffset: bigint;
}

/** What delivery needs of a Kafka client. Every method rejects with a PipelineError. */
export interface Sender {
  /** How many partitions a topic has. */
  partitionsOf(topic: string): Promise<number>;
  /**
   * Sends a batch to one partition and resolves once all in-sync replicas have it. The same batch sent
   * again after a failure is stored once, as long as nothing else was sent to that partition in between.
   */
  send(topic: string, partition: number, messages: readonly Message[]): Promise<Receipt>;
  /** Lets go of connections that failed, so that the next call opens new ones. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
