import { PipelineError, messageOf } from "../errors";
import { createErrorFromCode } from "./kafkajs-internals";

/** Faults of the records themselves: they will not be taken another time either. */
const REFUSED_FOR_GOOD = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
]);
const TOO_LARGE = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"]);
/** The broker no longer knows the producer or its sequence: only a new one can go on. */
const IDENTITY_LOST = new Set([
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_ID_MAPPING",
  "INVALID_PRODUCER_EPOCH",
  "INVALID_TXN_STATE",
]);
/** Another producer has taken the transactional id over. */
const FENCED = new Set(["PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"]);
const UNAUTHENTICATED = new Set(["SASL_AUTHENTICATION_FAILED", "UNSUPPORTED_SASL_MECHANISM"]);

/** kafkajs gives a log-in without an answer the same error as one that is refused, in other words only. */
const NO_ANSWER = /timed out|closed connection|connection (closed|error)|not connected/i;

/** What a protocol's error code asks for. */
export type Verdict = "stored" | "too-large" | "refused" | "identity-lost" | "again";

/** Judges the code that a broker gives a batch. 46 says that the batch is there already. */
export function verdictOf(code: number): Verdict {
  if (code === 0 || code === 46) return "stored";
  const { type } = createErrorFromCode(code);
  if (TOO_LARGE.has(type)) return "too-large";
  if (REFUSED_FOR_GOOD.has(type)) return "refused";
  return IDENTITY_LOST.has(type) ? "identity-lost" : "again";
}

/** The error for a broker's code. */
export function failureOfCode(topic: string, code: number): PipelineError {
  return failureOf(topic, createErrorFromCode(code));
}

/** Whatever went wrong with Kafka, in this project's words. */
export function failureOf(topic: string, error: unknown): PipelineError {
  if (error instanceof PipelineError) return error;
  const root = rootOf(error);
  const type = "type" in root && typeof root.type === "string" ? root.type : "";
  if (type === "UNKNOWN_TOPIC_OR_PARTITION") return topicMissing(topic, error);
  const isLogin = root.name === "KafkaJSSASLAuthenticationError";
  if ((isLogin && !NO_ANSWER.test(root.message)) || UNAUTHENTICATED.has(type))
    return new PipelineError(
      "KAFKA_UNAUTHENTICATED",
      `Kafka refuses the credentials: ${messageOf(root)}`,
      {
        canRetry: true,
        cause: error,
      },
    );
  if (type === "")
    return new PipelineError("KAFKA_UNREACHABLE", `Kafka cannot be reached: ${messageOf(root)}`, {
      canRetry: true,
      cause: error,
    });
  const place = topic === "" ? "Kafka" : `topic ${topic}`;
  return new PipelineError("KAFKA_REFUSED", `${place}: ${type}: ${messageOf(root)}`, {
    canRetry: !REFUSED_FOR_GOOD.has(type),
    cause: error,
  });
}

/** The error for a broker that says nothing. */
export function unanswered(ms: number): PipelineError {
  return new PipelineError(
    "KAFKA_UNREACHABLE",
    `Kafka cannot be reached: no answer in ${ms / 1000} s`,
    { canRetry: true },
  );
}

export function topicMissing(topic: string, cause?: unknown): PipelineError {
  return new PipelineError("KAFKA_TOPIC_MISSING", `there is no topic ${topic} on the broker`, {
    canRetry: true,
    cause,
  });
}

/** Whether another producer has taken over the transactional id that the error is about. */
export function isFenced(error: PipelineError): boolean {
  const root = rootOf(error.cause);
  return "type" in root && typeof root.type === "string" && FENCED.has(root.type);
}

/** kafkajs wraps what happened in errors that say that it has tried enough. */
function rootOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.name.startsWith("KafkaJS") && error.cause instanceof Error
    ? rootOf(error.cause)
    : error;
}
