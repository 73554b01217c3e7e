import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { KeyPair } from "./certificates";

/** Names that the brokers know by their certificates, and let do everything. */
export const NODE_USER = "kafka";
export const ADMIN_USER = "admin";
/** What a password is checked by. */
export const MECHANISM = "SCRAM-SHA-512";
/** In a node's container. */
const DIRECTORY = "/etc/steamline";
const NODE_FILE = `${DIRECTORY}/node.pem`;
const AUTHORITY_FILE = `${DIRECTORY}/authority.pem`;
/** What Kafka's commands inside a container say of themselves; see images/kafka/bin/kafka-command. */
const CLIENT_FILE = `${DIRECTORY}/client.properties`;

/** Kafka's name for what a listener asks of those who connect. */
export type Protocol = "PLAINTEXT" | "SSL" | "SASL_SSL";

/** What listeners ask where clients have to prove who they are. */
export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  // The stack's own containers, by a password.
  INTERNAL: "SASL_SSL",
  // Whoever deploys the stack, the nodes among themselves, and commands inside a node, by a certificate.
  EXTERNAL: "SSL",
  LOCAL: "SSL",
  CONTROLLER: "SSL",
  // Health checks, inside a node only. It lets nobody do more than ask which brokers there are.
  PROBE: "PLAINTEXT",
};

/** A node's settings for that, by the names of its environment. */
export function securitySettings(): Record<string, string> {
  return {
    KAFKA_SSL_KEYSTORE_TYPE: "PEM",
    KAFKA_SSL_KEYSTORE_LOCATION: NODE_FILE,
    KAFKA_SSL_TRUSTSTORE_TYPE: "PEM",
    KAFKA_SSL_TRUSTSTORE_LOCATION: AUTHORITY_FILE,
    KAFKA_SSL_CLIENT_AUTH: "required",
    KAFKA_LISTENER_NAME_INTERNAL_SSL_CLIENT_AUTH: "none",
    KAFKA_SSL_PRINCIPAL_MAPPING_RULES: "RULE:^CN=(.*?)$/$1/",
    KAFKA_SASL_ENABLED_MECHANISMS: MECHANISM,
    [`KAFKA_LISTENER_NAME_INTERNAL_${MECHANISM.replaceAll("-", "___")}_SASL_JAAS_CONFIG`]:
      "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    KAFKA_AUTHORIZER_CLASS_NAME: "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    KAFKA_SUPER_USERS: `User:${NODE_USER};User:${ADMIN_USER}`,
    KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: "false",
  };
}

/** A node's certificate, whom it trusts, and what the commands in its container need, as files. */
export function securityUploads(
  authority: pulumi.Input<string>,
  node: KeyPair,
): docker.types.input.ContainerUpload[] {
  const client = `security.protocol=SSL
ssl.keystore.type=PEM
ssl.keystore.location=${NODE_FILE}
ssl.truststore.type=PEM
ssl.truststore.location=${AUTHORITY_FILE}
`;
  // Root owns what is put into a container, and the broker runs as another user.
  const permissions = "0444";
  return [
    { file: AUTHORITY_FILE, content: authority, permissions },
    { file: NODE_FILE, content: pulumi.interpolate`${node.key}\n${node.certificate}`, permissions },
    { file: CLIENT_FILE, content: client, permissions },
  ];
}
