import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaClient, KafkaLogin } from "../kafka-users";

/** Where the embedded engine's container leads to Kafka by itself; see images/clickhouse/relay. */
const RELAY = "127.0.0.1:29092";
const AUTHORITY_FILE = "/etc/clickhouse-server/kafka-authority.pem";

/** The brokers as ClickHouse's own client is told of them. */
export function brokersFor(
  engine: "server" | "embedded",
  { servers, login }: KafkaClient,
): pulumi.Output<string> {
  return login && engine === "embedded" ? servers.apply(() => RELAY) : servers;
}

/**
 * The files by which an engine proves to Kafka who it is, so that no password stands in SQL. The official server reads
 * them by itself; the embedded one, whose client knows neither TLS nor SCRAM, is led there by its door.
 */
export function kafkaUploads(
  engine: "server" | "embedded",
  login: KafkaLogin | undefined,
): docker.types.input.ContainerUpload[] {
  if (!login) return [];
  const { servers, sasl, tls } = login;
  if (engine === "embedded") {
    const content = pulumi.jsonStringify({ brokers: servers, tls, sasl });
    return [{ file: "/etc/steamline/kafka.json", content: pulumi.secret(content) }];
  }
  const content = pulumi.output(sasl?.password).apply((password) => serverXml(login, password));
  return [
    ...authorityUploads(login),
    { file: "/etc/clickhouse-server/config.d/steamline-kafka.xml", content },
  ];
}

/** The certificate by which the official server knows Kafka's own. */
export function authorityUploads(
  login: KafkaLogin | undefined,
): docker.types.input.ContainerUpload[] {
  const ca = login?.tls?.ca;
  return ca === undefined ? [] : [{ file: AUTHORITY_FILE, content: ca }];
}

/** What proves to Kafka who the official server is, with underscores where librdkafka has dots. */
export function loginSettings(
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

/** The same as the settings of all Kafka tables. */
function serverXml(login: KafkaLogin, password: string | undefined): string {
  const settings = loginSettings(login, password);
  const lines = Object.entries(settings).map(
    ([key, value]) => `    <${key}>${escaped(value)}</${key}>`,
  );
  return `<clickhouse>\n  <kafka>\n${lines.join("\n")}\n  </kafka>\n</clickhouse>\n`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
