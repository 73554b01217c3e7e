import type { WireRequest } from "./kafkajs-internals";

const PRODUCE = { apiKey: 0, apiName: "Produce", apiVersion: 7 };
const FETCH = { apiKey: 1, apiName: "Fetch", apiVersion: 10 };
const ALL_REPLICAS = -1;

/** Batches for the partitions of one topic. */
export interface TopicBatches {
  topic: string;
  partitions: { partition: number; batch: Buffer }[];
}

/** What a broker says of one partition's batch. */
export interface PartitionAnswer {
  topic: string;
  partition: number;
  errorCode: number;
  baseOffset: bigint;
}

/** Stores one batch in each of some partitions, once all in-sync replicas have it. */
export function produceRequest(
  topics: readonly TopicBatches[],
  timeoutMs: number,
  transactionalId: string | null,
): WireRequest<PartitionAnswer[]> {
  const head = new Writer();
  head.string(transactionalId).int16(ALL_REPLICAS).int32(timeoutMs).int32(topics.length);
  for (const { topic, partitions } of topics) {
    head.string(topic).int32(partitions.length);
    for (const { partition, batch } of partitions) head.int32(partition).bytes(batch);
  }
  return { request: requestOf(PRODUCE, head.done()), response: { decode: decodeProduce, parse } };
}

async function decodeProduce(payload: Buffer): Promise<PartitionAnswer[]> {
  const reader = new Reader(payload);
  const answers: PartitionAnswer[] = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topic = reader.string();
    for (let partitions = reader.int32(); partitions > 0; partitions--) {
      const [partition, errorCode, baseOffset] = [reader.int32(), reader.int16(), reader.int64()];
      reader.skip(16);
      answers.push({ topic, partition, errorCode, baseOffset });
    }
  }
  return answers;
}

/** A stretch of a partition's log. */
export interface FetchAnswer {
  errorCode: number;
  /** Where the log ends for those who see committed records only. */
  lastStableOffset: bigint;
  records: Buffer;
}

/** Reads the log of one partition from `offset` on, uncommitted records included. */
export function fetchRequest(
  topic: string,
  partition: number,
  offset: bigint,
  maxBytes: number,
): WireRequest<FetchAnswer> {
  const head = new Writer();
  head.int32(-1).int32(500).int32(1).int32(maxBytes).int8(0).int32(0).int32(-1);
  head.int32(1).string(topic).int32(1).int32(partition).int32(-1).int64(offset).int64(-1n);
  head.int32(maxBytes).int32(0);
  return { request: requestOf(FETCH, head.done()), response: { decode: decodeFetch, parse } };
}

async function decodeFetch(payload: Buffer): Promise<FetchAnswer> {
  const reader = new Reader(payload);
  reader.skip(4);
  const topError = reader.int16();
  reader.skip(4);
  if (reader.int32() === 0) return { errorCode: topError, lastStableOffset: 0n, records: EMPTY };
  reader.string();
  reader.skip(4 + 4);
  const errorCode = reader.int16();
  reader.skip(8);
  const lastStableOffset = reader.int64();
  reader.skip(8);
  const aborted = reader.int32();
  if (aborted > 0) reader.skip(aborted * 16);
  return { errorCode, lastStableOffset, records: reader.bytes() };
}

const EMPTY = Buffer.alloc(0);

async function parse<T>(answer: T): Promise<T> {
  return answer;
}

function requestOf(api: typeof PRODUCE, payload: Buffer) {
  return {
    ...api,
    expectResponse: () => true,
    encode: async () => ({ buf: payload, buffer: payload }),
  };
}

class Writer {
  private readonly parts: Buffer[] = [];

  int8(value: number): this {
    return this.number(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.number(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.number(4, (part) => part.writeInt32BE(value));
  }

  int64(value: bigint): this {
    return this.number(8, (part) => part.writeBigInt64BE(value));
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value);
    this.int16(bytes.length).parts.push(bytes);
    return this;
  }

  bytes(value: Buffer): this {
    this.int32(value.length).parts.push(value);
    return this;
  }

  done(): Buffer {
    return Buffer.concat(this.parts);
  }

  private number(size: number, write: (part: Buffer) => void): this {
    const part = Buffer.allocUnsafe(size);
    write(part);
    this.parts.push(part);
    return this;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly payload: Buffer) {}

  int16(): number {
    return this.payload.readInt16BE(this.step(2));
  }

  int32(): number {
    return this.payload.readInt32BE(this.step(4));
  }

  int64(): bigint {
    return this.payload.readBigInt64BE(this.step(8));
  }

  string(): string {
    const length = this.int16();
    const start = this.step(length);
    return this.payload.toString("utf8", start, start + length);
  }

  bytes(): Buffer {
    const length = this.int32();
    if (length <= 0) return EMPTY;
    const start = this.step(length);
    return this.payload.subarray(start, start + length);
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  private step(bytes: number): number {
    const at = this.at;
    this.at += bytes;
    return at;
  }
}
