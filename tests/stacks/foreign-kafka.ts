import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority, createCertificate } from "../../infra/dynamic/certificates";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { createProgress } from "../../tools/lib/progress";
import { withAdmin } from "../../tools/lib/topics";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";
import { docker } from "../e2e/steamline";
import { freePort } from "../image/stand";

const NAME = `foreign-kafka-${process.pid}`;
const READY_DEADLINE_MS = 60_000;

export interface ForeignKafka {
  access: Required<KafkaAccess> & { tls: { ca: string } };
  close(): Promise<void>;
}

/** A broker that no stack made, with a certificate of its own and one user, found from here and from containers. */
export async function startForeignKafka(): Promise<ForeignKafka> {
  const progress = createProgress();
  const { kafkaImage } = await ensureImages(progress, "local", await ensureDocker(progress));
  const directory = mkdtempSync(join(tmpdir(), "foreign-kafka-"));
  // The broker is another user, in its container.
  chmodSync(directory, 0o755);
  // The bridge's own address is the first one. An engine tells it by itself only from its second start on.
  const subnet = await docker("network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Subnet}}"); // prettier-ignore
  const host = subnet.trim().replace(/\.0\/\d+$/, ".1");
  const port = await freePort();
  const authority = await createAuthority({ commonName: "a company's own" });
  const node = await createCertificate({ authority, commonName: "kafka", hosts: [host], days: 1 });
  writeFileSync(join(directory, "node.pem"), `${node.key}\n${node.certificate}`, { mode: 0o644 });
  const settings = {
    CLUSTER_ID: "5L6g3nShT-eMCtK--X86sw",
    KAFKA_NODE_ID: "1",
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_INTER_BROKER_LISTENER_NAME: "INSIDE",
    KAFKA_LISTENERS: "CLIENT://:29092,INSIDE://127.0.0.1:9092,CONTROLLER://:9093",
    KAFKA_ADVERTISED_LISTENERS: `CLIENT://${host}:${port},INSIDE://127.0.0.1:9092`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "CLIENT:SASL_SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
    KAFKA_LOG_DIRS: "/var/lib/kafka/data",
    KAFKA_SSL_KEYSTORE_TYPE: "PEM",
    KAFKA_SSL_KEYSTORE_LOCATION: "/tls/node.pem",
    KAFKA_SASL_ENABLED_MECHANISMS: "PLAIN",
    KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG:
      'org.apache.kafka.common.security.plain.PlainLoginModule required user_company="right";',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
  };
  const envs = Object.entries(settings).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const where = ["-v", `${directory}:/tls:ro`, "-p", `${host}:${port}:29092`];
  await docker("run", "-d", "--name", NAME, ...where, ...envs, kafkaImage);
  const access = {
    brokers: `${host}:${port}`,
    tls: { ca: authority.certificate },
    sasl: { mechanism: "plain" as const, username: "company", password: "right" },
  };
  const close = async () => {
    await docker("rm", "-f", "-v", NAME);
    rmSync(directory, { recursive: true });
  };
  for (const since = Date.now(); ; await sleep(500)) {
    try {
      await withAdmin(access, (admin) => admin.listTopics());
      return { access, close };
    } catch (error) {
      if (Date.now() - since < READY_DEADLINE_MS) continue;
      await close();
      throw error;
    }
  }
}
