import Cluster from "kafkajs/src/cluster";
import { createErrorFromCode } from "kafkajs/src/protocol/error";
import { createLogger } from "kafkajs/src/loggers";

/**
 * The parts of kafkajs below its producer, which has them as well but does not hand them out: connections
 * with authentication, metadata, error codes. kafkajs is pinned, so they do not change unnoticed.
 */
export { Cluster, createErrorFromCode, createLogger };

/** A request in bytes, and how its answer is read. */
export interface WireRequest<T> {
  request: {
    apiKey: number;
    apiName: string;
    apiVersion: number;
    expectResponse: () => boolean;
    encode: () => Promise<{ buf: Buffer; buffer: Buffer }>;
  };
  response: { decode(payload: Buffer): Promise<T>; parse(answer: T): Promise<T> };
}
