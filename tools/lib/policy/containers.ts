import { knownText, things, type Finding, type Rule, type Subject } from "./rule";

const CONTAINER = "docker:index/container:Container";
const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|\[::1\])$/;

const containers = (subjects: readonly Subject[]) =>
  subjects.filter(({ type }) => type === CONTAINER);

/** Whoever is in the network of the machine reaches what is published on another address, past its firewall. */
export const loopbackPorts: Rule = {
  name: "loopback-ports",
  demands: "Ports are published on loopback only.",
  level: "mandatory",
  productionOnly: false,
  check: (subjects) =>
    containers(subjects).flatMap((subject) => [...openPorts(subject), ...hostNetwork(subject)]),
};

function openPorts(subject: Subject): Finding[] {
  return things(subject.inputs["ports"]).flatMap((port, i) => {
    const ip = knownText(port["ip"]) ?? "";
    if (LOOPBACK.test(ip)) return [];
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
