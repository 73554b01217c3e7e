import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { service, volume } from "./container";
import { httpHealthCommand } from "./health";
import type { KafkaClient, KafkaLogin } from "./kafka-users";
import { STEAM_API_URL, STEAM_STORE_URL } from "./steam";

const STATUS_PORT = 9464;
const SIMULATOR = { host: "steam-simulator", port: 8080 };
/** The unprivileged user of the image. */
const USER = "10001:10001";
const SECRETS_DIR = "/run/secrets";
const SPOOL_DIR = "/var/lib/steamline/spool";
const API_KEY_FILE = `${SECRETS_DIR}/steam-api-key`;
const PASSWORD_FILE = `${SECRETS_DIR}/kafka-password`;
const AUTHORITY_FILE = `${SECRETS_DIR}/kafka-authority.pem`;

interface RunArgs {
  stack: string;
  containerName: string;
  networkName: pulumi.Input<string>;
  /** Of the host, by which whoever deploys finds it. @default this machine's loopback */
  address?: string;
  imageId: pulumi.Input<string>;
  memoryMb: number;
}

export interface SimulatorArgs extends RunArgs {
  seed: number;
  faultPercent: number;
}

/** Stands in for Steam: the same endpoints and shapes, with figures made from a seed. */
export class Simulator extends pulumi.ComponentResource {
  /** Where the producer finds it, API and store alike. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: SimulatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:steam:Simulator", name, {}, opts);
    const container = service(
      `${name}-container`,
      {
        ...args,
        alias: SIMULATOR.host,
        command: ["node", "/app/simulator.js"],
        healthCommand: httpHealthCommand(SIMULATOR.port, "/healthz"),
        envs: [
          `PORT=${SIMULATOR.port}`,
          `SEED=${args.seed}`,
          `FAULT_RATE=${args.faultPercent / 100}`,
        ],
        user: USER,
        readOnly: true,
      },
      { parent: this },
    );
    this.url = container.name.apply(() => `http://${SIMULATOR.host}:${SIMULATOR.port}`);
    this.registerOutputs({ url: this.url });
  }
}

export interface ProducerArgs extends RunArgs {
  source: "steam" | "simulated";
  /** Of the simulated source; Steam's own addresses where absent. */
  sourceUrl?: pulumi.Input<string>;
  /** Empty where the endpoints are to be asked without one. */
  steamApiKey: string;
  /** Where snapshots wait while Kafka is away. */
  spoolVolumeName: string;
  spoolMaxMb: number;
  messages: {
    messageFormat: string;
    messageCompression: string;
    recordsPerMessage: number;
    transactions: boolean;
  };
  /** Further variables, of sources beside Steam's. */
  environment?: Record<string, pulumi.Input<string>>;
  /** How it reaches Kafka. */
  kafka: KafkaClient;
  topics: { topGames: pulumi.Input<string>; gameDetails: pulumi.Input<string> };
  pollIntervalSeconds: number;
  detailsIntervalSeconds: number;
  /** Port of the host for its status page. */
  port: number;
}

/** Polls the source and sends what it finds to Kafka. Ready when it runs; it waits for Kafka by itself. */
export class Producer extends pulumi.ComponentResource {
  /** Its status page, for whoever deploys. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ProducerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:steam:Producer", name, {}, opts);
    const settings: Record<string, pulumi.Input<string | number>> = {
      ...(args.steamApiKey === "" ? {} : { STEAM_API_KEY_FILE: API_KEY_FILE }),
      SOURCE: args.source,
      STEAM_API_URL: args.sourceUrl ?? STEAM_API_URL,
      STEAM_STORE_URL: args.sourceUrl ?? STEAM_STORE_URL,
      KAFKA_BROKERS: args.kafka.servers,
      ...(args.kafka.login ? loginSettings(args.kafka.login) : {}),
      TOP_GAMES_TOPIC: args.topics.topGames,
      GAME_DETAILS_TOPIC: args.topics.gameDetails,
      POLL_INTERVAL_SECONDS: args.pollIntervalSeconds,
      DETAILS_INTERVAL_SECONDS: args.detailsIntervalSeconds,
      FORMAT: args.messages.messageFormat,
      COMPRESSION: args.messages.messageCompression,
      RECORDS_PER_MESSAGE: args.messages.recordsPerMessage,
      // Each instance needs an id of its own, and a container's name is one on its machine.
      ...(args.messages.transactions ? { TRANSACTIONAL_ID: args.containerName } : {}),
      SPOOL_DIR,
      SPOOL_MAX_MB: args.spoolMaxMb,
      STATUS_PORT,
      ...args.environment,
    };
    const uploads = secretFiles(args);
    const spool = volume(
      `${name}-spool`,
      { stack: args.stack, volumeName: args.spoolVolumeName, protect: false },
      { parent: this },
    );
    const container = service(
      `${name}-container`,
      {
        ...args,
        volumes: [{ volumeName: spool.name, containerPath: SPOOL_DIR }],
        uploads,
        alias: "steam-producer",
        command: ["node", "/app/producer.js"],
        healthCommand: httpHealthCommand(STATUS_PORT, "/healthz"),
        envs: Object.entries(settings).map(([key, value]) => pulumi.interpolate`${key}=${value}`),
        ports: [{ internal: STATUS_PORT, external: args.port }],
        user: USER,
        // Docker puts no file into a container whose root file system is read-only.
        readOnly: uploads.length === 0,
      },
      { parent: this },
    );
    this.url = container.name.apply(() => `http://${args.address ?? "localhost"}:${args.port}`);
    this.registerOutputs({ url: this.url });
  }
}

/** Secrets as files, because environment variables can be read by whoever may inspect the container. */
function secretFiles({ steamApiKey, kafka }: ProducerArgs): docker.types.input.ContainerUpload[] {
  const files: [file: string, content: pulumi.Input<string>][] = [];
  if (steamApiKey !== "") files.push([API_KEY_FILE, pulumi.secret(steamApiKey)]);
  const { tls, sasl } = kafka.login ?? {};
  if (sasl) files.push([PASSWORD_FILE, sasl.password]);
  if (tls?.ca !== undefined) files.push([AUTHORITY_FILE, tls.ca]);
  return files.map(([file, content]) => ({ file, content, permissions: "0444" }));
}

function loginSettings({ tls, sasl }: KafkaLogin): Record<string, string> {
  return {
    ...(tls ? { KAFKA_TLS: "true" } : {}),
    ...(tls?.ca === undefined ? {} : { KAFKA_TLS_CA_FILE: AUTHORITY_FILE }),
    ...(sasl
      ? {
          KAFKA_SASL_MECHANISM: sasl.mechanism,
          KAFKA_SASL_USERNAME: sasl.username,
          KAFKA_SASL_PASSWORD_FILE: PASSWORD_FILE,
        }
      : {}),
  };
}
