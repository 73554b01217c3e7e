/** Where other machines find a broker, and whoever deploys: an address, and the ports that it has there. */
export interface NodeAddress {
  host: string;
  /** For the other brokers, commands in their containers, and whoever deploys. */
  external: number;
  /** For containers of the stack. */
  internal: number;
  /** For the other nodes that vote. */
  controller: number;
}

/** Of a broker's ports, how far each is behind the stack's first. What else a stack publishes lies between. */
const OFFSETS = [
  { external: 0, internal: 5, controller: 6 },
  { external: 7, internal: 8, controller: 9 },
] as const;

/**
 * Addresses of a cluster's nodes, which go round among hosts.
 * @param hosts Addresses of the machines.
 * @param first The stack's port of Kafka.
 */
export function nodeAddresses(
  hosts: readonly string[],
  first: number,
  brokers: number,
): NodeAddress[] {
  return Array.from({ length: brokers }, (_, index) => {
    const host = hosts[index % hosts.length];
    const offsets = OFFSETS[Math.floor(index / hosts.length)];
    if (host === undefined || offsets === undefined)
      throw new RangeError(`${hosts.length} hosts have no ports for ${brokers} brokers`);
    const { external, internal, controller } = offsets;
    return {
      host,
      external: first + external,
      internal: first + internal,
      controller: first + controller,
    };
  });
}

/** As `host:port,host:port`. */
export function serversAt(
  addresses: readonly NodeAddress[],
  port: "external" | "internal",
): string {
  return addresses.map((address) => `${address.host}:${address[port]}`).join(",");
}
