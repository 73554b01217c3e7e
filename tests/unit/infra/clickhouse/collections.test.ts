import { describe, expect, it } from "vitest";
import { collectionElements, collectionOf } from "../../../../infra/clickhouse/collections";

describe("a collection on a server", () => {
  it("has a member id of its own where it has any, and what proves to Kafka who reads", () => {
    const settings = { kafka_broker_list: "b", "kafka.group_instance_id": "clickhouse-server" };
    expect(collectionOf(settings, "clickhouse-server-2-1", { security_protocol: "ssl" })).toEqual({
      kafka_broker_list: "b",
      "kafka.group_instance_id": "clickhouse-server-2-1",
      "kafka.security_protocol": "ssl",
    });
    expect(collectionOf({ kafka_broker_list: "b" }, "x", {})).toEqual({ kafka_broker_list: "b" });
  });
});

describe("collections in a file", () => {
  it("have the keys that go to Kafka's client in an element of their own", () => {
    expect(collectionElements({ c: { a: "1", "kafka.b": "2", "kafka.d_e": "3" } })).toEqual({
      c: { a: "1", kafka: { b: "2", d_e: "3" } },
    });
  });
});
