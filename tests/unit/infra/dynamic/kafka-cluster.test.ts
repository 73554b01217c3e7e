import { describe, expect, it } from "vitest";
import { clusterShapeProvider, type ShapeState } from "../../../../infra/dynamic/kafka-cluster";

const faults = async (olds: ShapeState | object, news: ShapeState) => {
  const { failures } = (await clusterShapeProvider.check?.(olds as ShapeState, news)) ?? {};
  return (failures ?? []).map(({ reason }) => reason);
};

describe("a cluster whose clients begin to have to prove who they are", () => {
  const shape = (brokers: number, ca?: string): ShapeState => ({
    controllers: 1,
    brokers: ["localhost:1", "localhost:2"].slice(0, brokers),
    ...(ca === undefined ? {} : { tls: { ca } }),
  });

  it("is refused, and so is the end of it, while there are several nodes", async () => {
    const reason = /^kafkaSecurity cannot change while there are 2 brokers/;
    expect(await faults(shape(2), shape(2, "x"))).toEqual([expect.stringMatching(reason)]);
    expect(await faults(shape(2, "x"), shape(2))).toEqual([expect.stringMatching(reason)]);
  });

  it("is taken with a single node, and a renewed certificate with any", async () => {
    expect(await faults(shape(1), shape(1, "x"))).toEqual([]);
    expect(await faults(shape(2, "x"), shape(2, "y"))).toEqual([]);
  });
});

describe("brokers that become somebody else's", () => {
  const own: ShapeState = { controllers: 1, brokers: ["localhost:1"] };
  const external: ShapeState = { controllers: 0, brokers: ["a:1", "b:2"] };

  it("are refused, and so is the way back, as what they hold would go", async () => {
    expect(await faults(own, external)).toEqual([
      expect.stringMatching(/^the stack has brokers of its own/),
    ]);
    expect(await faults(external, own)).toEqual([
      expect.stringMatching(/^the stack has its topics at the Kafka of kafkaExternal/),
    ]);
  });

  it("are taken from the beginning, and may change as whose they are likes", async () => {
    expect(await faults({}, external)).toEqual([]);
    expect(await faults(external, { controllers: 0, brokers: ["c:3"] })).toEqual([]);
  });
});
