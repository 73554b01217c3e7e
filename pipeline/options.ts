import { readFileSync } from "node:fs";
import { z } from "zod";
import { messageOf, PipelineError } from "./errors";

const seconds = (max: number) => z.coerce.number().int().min(1).max(max);
const topic = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,249}$/, "a topic name: up to 249 of a-z, A-Z, 0-9, ., _ and -");

const schema = z.object({
  /** A label only: the simulator is asked by the same code as Steam. */
  SOURCE: z.enum(["steam", "simulated"]),
  STEAM_API_URL: z.url({ protocol: /^https?$/ }),
  STEAM_STORE_URL: z.url({ protocol: /^https?$/ }),
  STEAM_API_KEY_FILE: z.string().optional(),
  KAFKA_BROKERS: z
    .string()
    .regex(/^[\w.-]+:\d+(,[\w.-]+:\d+)*$/, "host:port, or several with commas between them"),
  TOP_GAMES_TOPIC: topic,
  GAME_DETAILS_TOPIC: topic,
  /** @default 60 */
  POLL_INTERVAL_SECONDS: seconds(3_600).default(60),
  /** How long one tour through the ranked games' details takes. @default 21600 */
  DETAILS_INTERVAL_SECONDS: seconds(604_800).default(21_600),
  /** @default 9464 */
  STATUS_PORT: z.coerce.number().int().min(1).max(65_535).default(9464),
  /** @default info */
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
  /** @default steamline-producer */
  CLIENT_ID: z.string().min(1).default("steamline-producer"),
});

/** How the producer runs, checked. */
export interface Options {
  source: "steam" | "simulated";
  apiUrl: string;
  storeUrl: string;
  apiKey: string | undefined;
  brokers: string[];
  topGamesTopic: string;
  gameDetailsTopic: string;
  pollIntervalMs: number;
  detailsIntervalMs: number;
  statusPort: number;
  logLevel: string;
  clientId: string;
}

/**
 * Reads the environment and the secret files it names.
 * @throws PipelineError OPTIONS_INVALID that lists every fault, each with its variable and value.
 */
export function readOptions(env: NodeJS.ProcessEnv): Options {
  const parsed = schema.safeParse(env);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        const given = env[name] === undefined ? "is not set" : `is ${JSON.stringify(env[name])}`;
        return `${name} ${given}: ${issue.message}`;
      });
  const apiKey = readSecret(env, "STEAM_API_KEY_FILE", faults);
  if (!parsed.success || faults.length > 0) {
    throw new PipelineError(
      "OPTIONS_INVALID",
      `The environment has faults:\n${faults.map((f) => `  - ${f}`).join("\n")}`,
    );
  }
  const given = parsed.data;
  return {
    source: given.SOURCE,
    apiUrl: given.STEAM_API_URL.replace(/\/$/, ""),
    storeUrl: given.STEAM_STORE_URL.replace(/\/$/, ""),
    apiKey,
    brokers: given.KAFKA_BROKERS.split(","),
    topGamesTopic: given.TOP_GAMES_TOPIC,
    gameDetailsTopic: given.GAME_DETAILS_TOPIC,
    pollIntervalMs: given.POLL_INTERVAL_SECONDS * 1_000,
    detailsIntervalMs: given.DETAILS_INTERVAL_SECONDS * 1_000,
    statusPort: given.STATUS_PORT,
    logLevel: given.LOG_LEVEL,
    clientId: given.CLIENT_ID,
  };
}

function readSecret(env: NodeJS.ProcessEnv, name: string, faults: string[]): string | undefined {
  const path = env[name];
  if (!path) return undefined;
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch (error) {
    faults.push(
      `${name} is ${JSON.stringify(path)}: the file cannot be read (${messageOf(error)})`,
    );
    return undefined;
  }
}
