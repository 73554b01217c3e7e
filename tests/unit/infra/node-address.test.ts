import { expect, it } from "vitest";
import { portFaults } from "../../../infra/port-faults";
import { nodeAddresses, serversAt } from "../../../infra/node-address";

const ports = (host: string, external: number, internal: number, controller: number) => ({
  host,
  external,
  internal,
  controller,
});

it("goes round among hosts, with ports of the stack's block that no other part has", () => {
  expect(nodeAddresses(["a", "b"], 20_000, 3)).toEqual([
    ports("a", 20_000, 20_005, 20_006),
    ports("b", 20_000, 20_005, 20_006),
    ports("a", 20_007, 20_008, 20_009),
  ]);
});

it("has no ports for a third broker on a host", () => {
  expect(() => nodeAddresses(["a"], 20_000, 3)).toThrow("1 hosts have no ports for 3 brokers");
});

it("is told as Kafka's clients take it", () => {
  const addresses = nodeAddresses(["a", "b"], 9092, 2);
  expect(serversAt(addresses, "external")).toBe("a:9092,b:9092");
  expect(serversAt(addresses, "internal")).toBe("a:9097,b:9097");
});

it("is held against the ports that config names for others, once", () => {
  const own = { kafka: 9092, clickhouse: 9098, clickhouseNative: 9000, grafana: 3000, producer: 1 };
  expect(portFaults(own, 3, 3)).toEqual([
    "clickhousePort and kafkaPort + 6: both are 9098. Allowed: a port of its own for each.",
  ]);
  expect(portFaults({ ...own, clickhouse: 9099 }, 3, 3)).toEqual([]);
  expect(portFaults({ ...own, clickhouse: 9099 }, 3, 2)).toHaveLength(1);
});
