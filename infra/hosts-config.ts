import { isIPv4 } from "node:net";

/** Parts of a stack that may run on a Docker host of their own. `pipeline` is the producer and the simulated source. */
export const roles = ["kafka", "clickhouse", "grafana", "pipeline"] as const;
export type Role = (typeof roles)[number];

/** A machine with a Docker engine. */
export interface DockerHost {
  /** How the engine is reached, as DOCKER_HOST has it. */
  endpoint: string;
  /** Its own IPv4 address: ports are published on it, and the other machines and whoever deploys find it there. */
  address: string;
}

/**
 * Docker hosts by role. `kafka` may have several, among which the brokers go round. `grafana` is beside ClickHouse where
 * nothing else is said, and beside the producer where the stack has none.
 */
export type Placement = Readonly<Record<Role, readonly DockerHost[]>>;

/** Most brokers of a stack on one of several hosts: as many have ports in its block of ten. */
export const MOST_BROKERS_A_HOST = 2;

const ENDPOINT =
  /^(ssh:\/\/([A-Za-z_][\w.-]*@)?[\w.-]+(:\d{1,5})?|tcp:\/\/[\w.-]+:\d{1,5}|unix:\/\/\/[^\s,;]+)$/;
const FORM = "ROLES ENDPOINT ADDRESS, as kafka,pipeline ssh://ops@broker-1 10.0.0.11";
const ENDPOINTS = "ssh://USER@MACHINE, tcp://MACHINE:PORT with TLS, or unix:///SOCKET";

/**
 * Reads config's hosts, on a line each or with semicolons between them. Adds a fault for each entry that is none.
 * @returns undefined where `text` is empty: everything runs on one engine
 */
export function parseHosts(text: string, faults: string[]): Placement | undefined {
  const placement: Record<Role, DockerHost[]> = {
    kafka: [],
    clickhouse: [],
    grafana: [],
    pipeline: [],
  };
  const entries = text.split(/[;\n]/).map((entry) => entry.trim());
  const hosts: DockerHost[] = [];
  for (const entry of entries.filter((one) => one !== "")) {
    const fault = (why: string) => faults.push(`hosts: ${JSON.stringify(entry)} ${why}`);
    const [names = "", endpoint = "", address = "", ...more] = entry.split(/\s+/);
    const unknown = names.split(",").filter((name) => !isRole(name));
    const host = { endpoint, address };
    const wrong =
      formFault(host, unknown, more) ??
      twinFault(host, hosts) ??
      takenFault(names, host, placement);
    if (wrong !== undefined) {
      fault(wrong);
      continue;
    }
    hosts.push(host);
    for (const role of names.split(",").filter(isRole)) placement[role].push(host);
  }
  if (entries.join("") === "") return undefined;
  const { grafana, clickhouse, pipeline } = placement;
  const beside = clickhouse.length > 0 ? clickhouse : pipeline;
  return grafana.length > 0 ? placement : { ...placement, grafana: beside };
}

/** Each host once, in the order in which roles name them. */
export function distinctHosts(placement: Placement): DockerHost[] {
  const all = roles.flatMap((role) => placement[role]);
  return all.filter(({ address }, i) => all.findIndex((one) => one.address === address) === i);
}

function isRole(name: string): name is Role {
  return roles.some((role) => role === name);
}

function formFault(host: DockerHost, unknown: string[], more: string[]): string | undefined {
  if (unknown.length > 0)
    return `names an unknown role ${JSON.stringify(unknown[0])}. Allowed: ${roles.join(", ")}, with commas between them.`;
  if (host.endpoint === "" || more.length > 0) return `is not of the form. Allowed: ${FORM}.`;
  if (!ENDPOINT.test(host.endpoint)) return `has no Docker endpoint. Allowed: ${ENDPOINTS}.`;
  if (host.address === "")
    return `has no address. Allowed: ${FORM}, with the machine's own IPv4 address.`;
  return isFound(host.address)
    ? undefined
    : `has an address that other machines do not find. Allowed: an IPv4 address of the machine, not a name and not loopback.`;
}

function isFound(address: string): boolean {
  const first = Number(address.split(".")[0]);
  return isIPv4(address) && first !== 0 && first !== 127 && first < 224;
}

function twinFault({ endpoint, address }: DockerHost, hosts: DockerHost[]): string | undefined {
  const twin = hosts.find((one) => (one.endpoint === endpoint) !== (one.address === address));
  return (
    twin &&
    `contradicts ${twin.endpoint} ${twin.address}. Allowed: one endpoint and one address for a machine.`
  );
}

function takenFault(
  names: string,
  { address }: DockerHost,
  placement: Placement,
): string | undefined {
  const given = names.split(",").filter(isRole);
  const twice = given.find((role, i) => given.indexOf(role) !== i);
  const taken = given.find((role) =>
    role === "kafka"
      ? placement.kafka.some((host) => host.address === address)
      : placement[role].length > 0,
  );
  const role = twice ?? taken;
  return (
    role &&
    `names the role ${role} once more. Allowed: one host for each role, and for kafka several that differ.`
  );
}

/** What else of config has to fit where a stack has several hosts. */
export interface BesideHosts {
  brokers?: number;
  kafkaSecurity?: string;
  kafkaExternal?: string;
  clickhouseExternal?: string;
  hostsInClear?: boolean;
  hostsTls?: string;
}

/** What of it does not fit together. */
export function hostsFaults(placement: Placement | undefined, read: BesideHosts): string[] {
  const usesTls =
    placement && distinctHosts(placement).some(({ endpoint }) => endpoint.startsWith("tcp:"));
  const tls =
    read.hostsTls && !usesTls
      ? ["hostsTls: is of use only for an endpoint tcp:// of hosts, of which there is none."]
      : [];
  if (!placement) return tls;
  const hasKafka = !read.kafkaExternal;
  const hasClickhouse = !read.clickhouseExternal;
  const needed: Role[] = [
    ...(hasKafka ? ["kafka" as const] : []),
    ...(hasClickhouse ? ["clickhouse" as const] : []),
    "pipeline",
  ];
  const faults = needed
    .filter((role) => placement[role].length === 0)
    .map((role) => `hosts: says nowhere where ${role} runs. Allowed: ${FORM}.`);
  if (!hasKafka && placement.kafka.length > 0)
    faults.push("hosts: says where kafka runs, but with kafkaExternal the stack makes no brokers.");
  if (!hasClickhouse && placement.clickhouse.length > 0)
    faults.push(
      "hosts: says where clickhouse runs, but with clickhouseExternal the stack makes none.",
    );
  const places = placement.kafka.length * MOST_BROKERS_A_HOST;
  if (hasKafka && places > 0 && (read.brokers ?? 1) > places)
    faults.push(
      `brokers: ${read.brokers} are more than ${placement.kafka.length} ${placement.kafka.length === 1 ? "host" : "hosts"} of kafka take. Allowed: 1 to ${places}, ${MOST_BROKERS_A_HOST} on each.`,
    );
  if (hasKafka && read.kafkaSecurity === "plaintext")
    faults.push(
      "kafkaSecurity: with hosts, whoever is in their network could read and write. Allowed: sasl_ssl.",
    );
  if (read.hostsInClear === false)
    faults.push(
      "hostsInClear: with hosts, ClickHouse's passwords and rows, Grafana and the producer's page cross their network in clear. Set it to true where nobody else is in that network, as in a VPN of your own.",
    );
  if (usesTls && read.hostsTls === "")
    faults.push(
      "hostsTls: is empty, but an endpoint tcp:// of hosts needs it. Set it with `pulumi config set --secret hostsTls`.",
    );
  return [...faults, ...tls];
}
