import { z } from "zod";
import { oneOf, readEnvironment, variable, whole, type Environment } from "./environment";
import type { HttpClient } from "./http/client";
import { kafkaOptions, kafkaVariables, type KafkaOptions } from "./kafka-options";
import { logFormats, logLevels, type LogFormat, type LogLevel } from "./log";
import { sources } from "./source/index";
import { sourceContext, type SourceDefinition } from "./source/define";
import type { Source } from "./source/source";

const LABELS = ["steam", "simulated"] as const;

const sourceNames = () =>
  variable(`${sources.map(({ name }) => name).join(", ")}, several parted by commas`, (text) => {
    const wanted = text.split(",").map((name) => name.trim());
    const found = sources.filter(({ name }) => wanted.includes(name));
    return found.length === wanted.length ? found : undefined;
  });

const variables = {
  SOURCE: oneOf(LABELS).prefault("steam"),
  SOURCES: sourceNames().prefault("steam-top-games,steam-game-details"),
  HTTP_TIMEOUT_MS: whole(10, 120_000).prefault("10000"),
  SPOOL_DIR: variable("a directory's path", (text) => text).optional(),
  SPOOL_MAX_MB: whole(1, 1_048_576).prefault("64"),
  STATUS_PORT: whole(0, 65_535).prefault("9464"),
  LOG_LEVEL: oneOf(logLevels).prefault("info"),
  LOG_FORMAT: oneOf(logFormats).prefault("json"),
  ...kafkaVariables,
};

/** Every variable that a producer may be told by. */
export const variableNames: readonly string[] = [
  ...new Set([variables, ...sources.map((source) => source.variables)].flatMap(Object.keys)),
];

/** All that can be chosen about a producer. */
export interface Options {
  /** What is polled, as the status shows it. Both are asked by the same code. @default "steam" */
  source: (typeof LABELS)[number];
  /** Kinds of sources that run. */
  sources: readonly Pick<SourceDefinition, "name" | "table">[];
  kafka: KafkaOptions;
  /** After which one HTTP request is given up. @default 10000 */
  httpTimeoutMs: number;
  /** Where snapshots wait for Kafka. Without one they wait in memory, and are lost when the producer ends. */
  spoolDirectory?: string;
  /** Bytes that may wait for Kafka. Above it the oldest are dropped. @default 67108864 */
  spoolMaxBytes: number;
  /** @default 9464 */
  statusPort: number;
  logLevel: LogLevel;
  logFormat: LogFormat;
}

/** A producer's options, and how the sources that they name are made. */
export interface Setup {
  options: Options;
  /** The first decides whether the producer is ready. */
  makeSources: (http: HttpClient) => [Source, ...Source[]];
}

/**
 * Reads the producer's environment.
 *
 * @throws PipelineError OPTIONS_INVALID naming every faulty variable, its value and what is allowed.
 */
export function readOptions(environment: Environment): Setup {
  const chosen = chosenSources(environment);
  const own = Object.assign({}, ...chosen.map((source) => source.variables)) as z.ZodRawShape;
  const read = readEnvironment(z.object({ ...own, ...variables }), environment);
  const options = {
    source: read.SOURCE,
    sources: chosen,
    kafka: kafkaOptions(read),
    httpTimeoutMs: read.HTTP_TIMEOUT_MS,
    ...(read.SPOOL_DIR === undefined ? {} : { spoolDirectory: read.SPOOL_DIR }),
    spoolMaxBytes: read.SPOOL_MAX_MB * 1_048_576,
    statusPort: read.STATUS_PORT,
    logLevel: read.LOG_LEVEL,
    logFormat: read.LOG_FORMAT,
  };
  return {
    options,
    makeSources: (http) => {
      const context = sourceContext(http);
      return chosen.map((source) => source.create(context, read)) as [Source, ...Source[]];
    },
  };
}

/** The sources whose variables are to be read: those that SOURCES names, if it names any that there are. */
function chosenSources(environment: Environment): readonly SourceDefinition[] {
  const only = z.object({ SOURCES: variables.SOURCES });
  const read = only.safeParse({ SOURCES: environment["SOURCES"] || undefined });
  return read.success ? read.data.SOURCES : [];
}
