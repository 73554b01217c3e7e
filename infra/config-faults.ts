import { clusterFaults } from "./cluster-config";
import type { ConfigRead } from "./config-keys";
import { externalClickhouseFaults, externalKafkaFaults } from "./external-config";
import { MOST_BROKERS } from "./names";

/** What is wrong with a stack's name. */
export function stackFaults(stack: string): string[] {
  return /^[a-z0-9][a-z0-9-]{0,40}$/.test(stack)
    ? []
    : [
        `stack name: ${JSON.stringify(stack)} is not allowed. Allowed: up to 41 of a-z, 0-9 and -, as containers, volumes and topics are named after it.`,
      ];
}

/** What of several keys does not fit together. */
export function crossFaults(read: ConfigRead): string[] {
  const faults: string[] = [];
  const { brokers = MOST_BROKERS, replicationFactor = 1 } = read;
  faults.push(
    ...externalKafkaFaults(read),
    ...externalClickhouseFaults(read),
    ...clusterFaults(read),
  );
  if (replicationFactor > brokers && !read.kafkaExternal) {
    faults.push(
      `replicationFactor: ${replicationFactor} is more than the ${brokers} ${brokers === 1 ? "broker" : "brokers"} of this stack. Allowed: 1 to ${brokers}.`,
    );
  }
  if (read.kafkaAuthority && read.kafkaSecurity === "plaintext") {
    faults.push(
      "kafkaAuthority: nothing is signed while kafkaSecurity is plaintext. Allowed: empty, or kafkaSecurity sasl_ssl.",
    );
  }
  if (
    read.imageSource === "local" &&
    read.clickhouseEngine === "server" &&
    !read.clickhouseExternal
  ) {
    faults.push(
      'clickhouseEngine: "server" needs the official image, which imageSource local does not have. Allowed: embedded, or imageSource registry.',
    );
  }
  for (const key of read.imageSource === "local"
    ? (["kafkaImage", "clickhouseImage", "nodeImage"] as const)
    : []) {
    if (read[key] === "") {
      faults.push(
        `${key}: is empty, but with imageSource local it names an image built here. \`npm run up\` builds it and sets the key.`,
      );
    }
  }
  if (
    read.clickhouseEngine === "embedded" &&
    read.imageSource === "registry" &&
    read.clickhouseImage === "" &&
    !read.clickhouseExternal
  ) {
    faults.push(
      'clickhouseEngine: "embedded" has no official image, and imageSource registry builds none. Allowed: server, or imageSource local, or a clickhouseImage that has it.',
    );
  }
  return faults;
}
