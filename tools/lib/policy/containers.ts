import { distinctHosts, parseHosts } from "../../../infra/hosts-config";
import { knownText, things, type Finding, type Rule, type Subject } from "./rule";

const CONTAINER = "docker:index/container:Container";
const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|\[::1\])$/;

const containers = (subjects: readonly Subject[]) =>
  subjects.filter(({ type }) => type === CONTAINER);

/**
 * Whoever is in the network of the machine reaches what is published on another address, past its firewall. Where config
 * names several hosts, that is what their addresses are for, and its own checks ask for more.
 */
export const loopbackPorts: Rule = {
  name: "loopback-ports",
  demands: "Ports are published on loopback only, or on the addresses that config names in hosts.",
  level: "mandatory",
  productionOnly: false,
  check: (subjects) => {
    const addresses = hostAddresses(subjects);
    return containers(subjects).flatMap((subject) => [
      ...openPorts(subject, addresses),
      ...hostNetwork(subject),
    ]);
  },
};

/** Addresses of the Docker hosts that config names. */
function hostAddresses(subjects: readonly Subject[]): string[] {
  const config = subjects.find(({ type }) => type === "steamline:config")?.inputs ?? {};
  const [, hosts] = Object.entries(config).find(([key]) => key.endsWith(":hosts")) ?? [];
  const placement = parseHosts(knownText(hosts) ?? "", []);
  return placement ? distinctHosts(placement).map(({ address }) => address) : [];
}

function openPorts(subject: Subject, addresses: readonly string[]): Finding[] {
  return things(subject.inputs["ports"]).flatMap((port, i) => {
    const ip = knownText(port["ip"]) ?? "";
    if (LOOPBACK.test(ip) || addresses.includes(ip)) return [];
    const address = ip === "" ? "every address" : ip;
    return [
      {
        subject,
        where: `ports[${i}].ip`,
        value: `port ${String(port["external"] ?? port["internal"])} on ${address}`,
        fix: 'publish it with ip "127.0.0.1", and reach it through a tunnel or a proxy that asks who calls',
      },
    ];
  });
}

function hostNetwork(subject: Subject): Finding[] {
  if (subject.inputs["networkMode"] !== "host") return [];
  return [
    {
      subject,
      where: "networkMode",
      value: "host, which opens each port that the program listens on",
      fix: "put it into the stack's network, and publish its ports on 127.0.0.1",
    },
  ];
}

/** A container without a limit takes the memory of all others with it. */
export const memoryLimits: Rule = {
  name: "memory-limits",
  demands: "Every container has a limit of memory.",
  level: "mandatory",
  productionOnly: false,
  check: (subjects) =>
    containers(subjects).flatMap((subject) => {
      const memory = subject.inputs["memory"];
      if (typeof memory === "number" && memory > 0) return [];
      return [
        {
          subject,
          where: "memory",
          value: memory === undefined ? "no limit" : `${JSON.stringify(memory)}, which is no limit`,
          fix: "give it a limit in MiB, as its …MemoryMb in config",
        },
      ];
    }),
};
