import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { MECHANISM } from "../broker-security";
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
  const { servers, authority, username, password } = login;
  if (engine === "embedded") {
    const content = pulumi.jsonStringify({
      brokers: servers,
      tls: { ca: authority },
      sasl: { mechanism: MECHANISM.toLowerCase(), username, password },
    });
    return [{ file: "/etc/steamline/kafka.json", content: pulumi.secret(content) }];
  }
  return [
    { file: AUTHORITY_FILE, content: authority },
    {
      file: "/etc/clickhouse-server/config.d/steamline-kafka.xml",
      content: password.apply((known) => serverXml(username, known)),
    },
  ];
}

/** The official server's settings of all Kafka tables, with underscores where librdkafka has dots. */
export function serverXml(username: string, password: string): string {
  return `<clickhouse>
  <kafka>
    <security_protocol>sasl_ssl</security_protocol>
    <ssl_ca_location>${AUTHORITY_FILE}</ssl_ca_location>
    <sasl_mechanism>${MECHANISM}</sasl_mechanism>
    <sasl_username>${username}</sasl_username>
    <sasl_password>${password}</sasl_password>
  </kafka>
</clickhouse>
`;
}
