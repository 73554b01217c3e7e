import { MOST_BROKERS_A_HOST } from "./hosts-config";
import { brokerPorts, type StackPorts } from "./names";
import { nodeAddresses } from "./node-address";

/**
 * Ports of a stack that are the same, as config keys tell of them.
 * @param hosts Machines among which the brokers go round. @default all on one engine
 */
export function portFaults(ports: StackPorts, brokers = 1, hosts?: number): string[] {
  const entries: [name: string, port: number][] = [
    ...Object.entries({ ...ports }).map(([name, port]): [string, number] => [`${name}Port`, port]),
    ...(hosts ? besideOnHosts(ports.kafka, brokers, hosts) : besideHere(ports.kafka, brokers)),
  ];
  return entries.flatMap(([name, port], i) => {
    const twin = entries.slice(i + 1).find(([, other]) => other === port);
    return twin
      ? [`${name} and ${twin[0]}: both are ${port}. Allowed: a port of its own for each.`]
      : [];
  });
}

function besideHere(first: number, brokers: number): [string, number][] {
  return brokerPorts(first, brokers)
    .slice(1)
    .map((port, index) => [`the port of broker ${index + 2}`, port]);
}

/** Each once: brokers on different machines have the same. */
function besideOnHosts(first: number, brokers: number, hosts: number): [string, number][] {
  const fitting = Math.min(brokers, hosts * MOST_BROKERS_A_HOST);
  const machines = Array.from({ length: hosts }, () => "");
  const all = nodeAddresses(machines, first, fitting).flatMap((node) => [
    node.external,
    node.internal,
    node.controller,
  ]);
  return [...new Set(all)]
    .filter((port) => port !== first)
    .map((port) => [`kafkaPort + ${port - first}`, port]);
}
