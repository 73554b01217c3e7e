import { describe, expect, it } from "vitest";
import { movedVolumes } from "../../../../tools/lib/moves";

const VOLUME = "docker:index/volume:Volume";
const on = (address: string) =>
  `urn:pulumi:wide::steamline::pulumi:providers:docker::docker-${address}::some-id`;
const DEFAULT = "urn:pulumi:wide::steamline::pulumi:providers:docker::default_5_2_0::some-id";
const volume = (id: string, provider: string) => ({ urn: id, type: VOLUME, id, provider });
const HERE = "the one engine of a stack without hosts";

describe("volumes with data", () => {
  const state = {
    resources: [
      volume("steamline-wide-kafka", on("10.0.0.1")),
      volume("steamline-wide-kafka-2", on("10.0.0.2")),
      volume("steamline-wide-clickhouse", on("10.0.0.3")),
      volume("steamline-wide-grafana", on("10.0.0.3")),
      volume("steamline-wide-producer-spool", on("10.0.0.1")),
    ],
  };
  const addresses: Record<string, string> = {
    "steamline-wide-kafka": "10.0.0.1",
    "steamline-wide-kafka-2": "10.0.0.2",
    "steamline-wide-clickhouse": "10.0.0.3",
  };

  it("stay where they are", () => {
    expect(movedVolumes(state, "wide", (name) => addresses[name])).toEqual([]);
    expect(movedVolumes(undefined, "wide", () => "10.0.0.9")).toEqual([]);
  });

  it("are told where config has them on another machine, and those that are made anew are not", () => {
    expect(movedVolumes(state, "wide", () => "10.0.0.1")).toEqual([
      { name: "steamline-wide-kafka-2", from: "10.0.0.2", to: "10.0.0.1" },
      { name: "steamline-wide-clickhouse", from: "10.0.0.3", to: "10.0.0.1" },
    ]);
  });

  it("do not go from one engine to hosts either, nor back", () => {
    const own = { resources: [volume("steamline-wide-clickhouse", DEFAULT)] };
    expect(movedVolumes(own, "wide", () => "10.0.0.1")).toEqual([
      { name: "steamline-wide-clickhouse", from: HERE, to: "10.0.0.1" },
    ]);
    expect(movedVolumes(own, "wide", () => HERE)).toEqual([]);
    expect(movedVolumes(state, "wide", () => HERE)).toHaveLength(3);
  });

  it("may go, as a broker does whose records were moved away", () => {
    expect(movedVolumes(state, "wide", () => undefined)).toEqual([]);
  });
});
