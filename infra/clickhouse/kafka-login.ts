import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClickhouseEngine } from "../engine-config";
import type { KafkaClient, KafkaLogin } from "../kafka-users";
import type { SqlFile } from "./catalog";
import { collectionElements, collectionOf, type Collections } from "./collections";
import { placeholderNames, renderSql } from "./render";
import { collectionValues } from "./statement";
import { configXml } from "./xml";

/** Where the embedded engine's container leads to Kafka by itself; see images/clickhouse/relay. */
const RELAY = "127.0.0.1:29092";
const AUTHORITY_FILE = "/etc/clickhouse-server/kafka-authority.pem";

/** The brokers as ClickHouse's own client is told of them. */
export function brokersFor(
  engine: ClickhouseEngine,
  { servers, login }: KafkaClient,
): pulumi.Output<string> {
  return login && engine === "embedded" ? servers.apply(() => RELAY) : servers;
}

/**
 * The files by which an engine proves to Kafka who it is, so that no password stands in SQL. The embedded one, whose
 * client knows neither TLS nor SCRAM, is led there by its door. The official server reads it with its collections,
 * beside which a table takes no other settings.
 * @param collections Of the official server.
 */
export function kafkaUploads(
  engine: ClickhouseEngine,
  login: KafkaLogin | undefined,
  collections: pulumi.Input<Collections> = {},
): docker.types.input.ContainerUpload[] {
  if (!login) return [];
  if (engine === "embedded") {
    const { servers, tls, sasl } = login;
    const content = pulumi.jsonStringify({ brokers: servers, tls, sasl });
    return [{ file: "/etc/steamline/kafka.json", content: pulumi.secret(content) }];
  }
  const content = pulumi
    .output(collections)
    .apply((known) => configXml({ named_collections: collectionElements(known) }));
  const file = "/etc/clickhouse-server/config.d/steamline-kafka.xml";
  return [...authorityUploads(login), { file, content: pulumi.secret(content) }];
}

/** The certificate by which the official server knows Kafka's own. */
export function authorityUploads(
  login: KafkaLogin | undefined,
): docker.types.input.ContainerUpload[] {
  const ca = login?.tls?.ca;
  return ca === undefined ? [] : [{ file: AUTHORITY_FILE, content: ca }];
}

/** The catalog of a server that has its collections from a file where they hold what proves to Kafka who it is. */
export function byStatements(
  files: readonly SqlFile[],
  engine: ClickhouseEngine,
  login: KafkaLogin | undefined,
): SqlFile[] {
  const byFile = engine === "server" && login !== undefined;
  return files.map((one) =>
    byFile && one.kind === "collection" ? { ...one, madeByFiles: true } : one,
  );
}

/** Collections of `sql/` that a server has from a file, with what proves to Kafka who it is. */
export interface CollectionsArgs {
  collections: readonly SqlFile[];
  placeholders: Readonly<Record<string, pulumi.Input<string | number>>>;
  kafkaLogin?: KafkaLogin | undefined;
}

/** Those of the server that is `instanceId` to its consumer groups. */
export function collectionsOf(
  { collections, placeholders, kafkaLogin }: CollectionsArgs,
  instanceId: string,
): pulumi.Output<Collections> {
  const names = collections.flatMap(({ sql }) => placeholderNames(sql));
  const used = Object.fromEntries(names.map((name) => [name, placeholders[name] ?? ""]));
  const password = kafkaLogin?.sasl?.password ?? pulumi.output(undefined);
  return pulumi.all([used, password]).apply(([values, known]) => {
    const login = kafkaLogin ? loginSettings(kafkaLogin, known) : {};
    return Object.fromEntries(
      collections.map(({ name, sql, file }) => {
        const statement = renderSql(sql, values, file);
        return [name, collectionOf(collectionValues(statement), instanceId, login)];
      }),
    );
  });
}

/** What proves to Kafka who the official server is, with underscores where librdkafka has dots. */
function loginSettings(
  { tls, sasl }: KafkaLogin,
  password: string | undefined,
): Record<string, string> {
  return {
    security_protocol: `${sasl ? "sasl_" : ""}${tls ? "ssl" : "plaintext"}`,
    ...(tls?.ca === undefined ? {} : { ssl_ca_location: AUTHORITY_FILE }),
    ...(sasl
      ? {
          sasl_mechanism: sasl.mechanism.toUpperCase(),
          sasl_username: sasl.username,
          sasl_password: password ?? "",
        }
      : {}),
  };
}
