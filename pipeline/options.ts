import { readFileSync } from "node:fs";
import { z } from "zod";
import { PipelineError, messageOf } from "./errors";
import { address, optionsInvalid, readEnvironment, variable, whole } from "./environment";

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
const SOURCES = ["steam", "simulated"] as const;

function oneOf<const T extends string>(values: readonly T[]) {
  return variable(values.join(" or "), (text) => values.find((value) => value === text));
}

const topic = () =>
  variable("a topic's name: 1 to 249 letters, digits, dots, underscores and dashes", (text) =>
    /^[\w.-]{1,249}$/.test(text) && text !== "." && text !== ".." ? text : undefined,
  );

const brokers = () =>
  variable("host:port, several parted by commas", (text) => {
    const list = text.split(",").map((broker) => broker.trim());
    return list.every((broker) => /^[^\s:,]+:\d{1,5}$/.test(broker)) ? list : undefined;
  });

const variables = z.object({
  SOURCE: oneOf(SOURCES).prefault("steam"),
  STEAM_API_URL: address().prefault("https://api.steampowered.com"),
  STEAM_STORE_URL: address().prefault("https://store.steampowered.com"),
  STEAM_API_KEY_FILE: variable("a file's path", (text) => text).optional(),
  KAFKA_BROKERS: brokers(),
  TOP_GAMES_TOPIC: topic(),
  GAME_DETAILS_TOPIC: topic(),
  POLL_INTERVAL_SECONDS: whole(1, 3600).prefault("60"),
  DETAILS_INTERVAL_SECONDS: whole(1, 604_800).prefault("21600"),
  STORE_CALLS_PER_5_MINUTES: whole(1, 1_000_000).prefault("180"),
  HTTP_TIMEOUT_MS: whole(10, 120_000).prefault("10000"),
  QUEUE_MAX_RECORDS: whole(1, 1_000_000).prefault("20000"),
  STATUS_PORT: whole(0, 65_535).prefault("9464"),
  LOG_LEVEL: oneOf(LOG_LEVELS).prefault("info"),
  CLIENT_ID: variable("1 to 100 letters, digits, dots, underscores and dashes", (text) =>
    /^[\w.-]{1,100}$/.test(text) ? text : undefined,
  ).prefault("steam-producer"),
});

/** All that can be chosen about a producer. */
export interface Options {
  /** What is polled, as the status shows it. Both are asked by the same code. @default "steam" */
  source: (typeof SOURCES)[number];
  steamApiUrl: string;
  steamStoreUrl: string;
  /** Sent to the Web API where there is one. */
  steamApiKey?: string;
  kafkaBrokers: readonly string[];
  topGamesTopic: string;
  gameDetailsTopic: string;
  /** @default 60 */
  pollIntervalSeconds: number;
  /** How long one tour through the details of all ranked games takes. @default 21600 */
  detailsIntervalSeconds: number;
  /** Most calls to the store in any five minutes. It turns callers away at about 200. @default 180 */
  storeCallsPer5Minutes: number;
  /** After which one HTTP request is given up. @default 10000 */
  httpTimeoutMs: number;
  /** Records kept while Kafka cannot be reached, the newest. @default 20000 */
  queueMaxRecords: number;
  /** @default 9464 */
  statusPort: number;
  logLevel: (typeof LOG_LEVELS)[number];
  clientId: string;
}

/**
 * Reads the producer's environment.
 *
 * @throws PipelineError OPTIONS_INVALID naming every faulty variable, its value and what is allowed.
 */
export function readOptions(environment: Readonly<Record<string, string | undefined>>): Options {
  const faults: string[] = [];
  const steamApiKey = readSecret("STEAM_API_KEY_FILE", environment, faults);
  const read = collect(faults, () => readEnvironment(variables, environment));
  if (read === undefined || faults.length > 0) throw optionsInvalid(faults);
  return {
    source: read.SOURCE,
    steamApiUrl: read.STEAM_API_URL,
    steamStoreUrl: read.STEAM_STORE_URL,
    ...(steamApiKey === undefined ? {} : { steamApiKey }),
    kafkaBrokers: read.KAFKA_BROKERS,
    topGamesTopic: read.TOP_GAMES_TOPIC,
    gameDetailsTopic: read.GAME_DETAILS_TOPIC,
    pollIntervalSeconds: read.POLL_INTERVAL_SECONDS,
    detailsIntervalSeconds: read.DETAILS_INTERVAL_SECONDS,
    storeCallsPer5Minutes: read.STORE_CALLS_PER_5_MINUTES,
    httpTimeoutMs: read.HTTP_TIMEOUT_MS,
    queueMaxRecords: read.QUEUE_MAX_RECORDS,
    statusPort: read.STATUS_PORT,
    logLevel: read.LOG_LEVEL,
    clientId: read.CLIENT_ID,
  };
}

function collect<T>(faults: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PipelineError) || error.faults.length === 0) throw error;
    faults.unshift(...error.faults);
    return undefined;
  }
}

function readSecret(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  faults: string[],
): string | undefined {
  const path = environment[name];
  if (!path) return undefined;
  try {
    const secret = readFileSync(path, "utf8").trim();
    if (/^[\x21-\x7e]+$/.test(secret)) return secret;
    faults.push(
      `${name}: ${JSON.stringify(path)} holds ${secret === "" ? "nothing" : "more than one word"}. Allowed: a file with the key alone.`,
    );
  } catch (error) {
    faults.push(`${name}: ${JSON.stringify(path)} cannot be read (${messageOf(error)}).`);
  }
  return undefined;
}
