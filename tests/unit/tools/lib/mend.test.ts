import { describe, expect, it } from "vitest";
import type { DockerContainer, StackObjects } from "../../../../tools/lib/docker";
import { findFaults } from "../../../../tools/lib/mend";
import type { Deployment, StateResource } from "../../../../tools/lib/state";

const resource = (type: string, name: string, id?: string): StateResource => ({
  urn: `urn:pulumi:dev::steamline::${type}::${name}`,
  type,
  ...(id === undefined ? {} : { id }),
});
const NETWORK = "docker:index/network:Network";
const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const container = (id: string, state = "running"): DockerContainer => ({
  id,
  name: `name-of-${id}`,
  state,
  status: "",
  ports: [],
  stack: "dev",
});

const state: Deployment = {
  resources: [
    resource("pulumi:pulumi:Stack", "steamline-dev"),
    resource(NETWORK, "network-bridge", "n1"),
    resource(VOLUME, "broker-data", "steamline-dev-kafka"),
    resource(CONTAINER, "broker-container", "c1"),
    resource(CONTAINER, "producer-container", "c2"),
  ],
};
const whole: StackObjects = {
  containers: [container("c1"), container("c2")],
  networks: [{ id: "n1", name: "steamline-dev" }],
  volumes: ["steamline-dev-kafka"],
};
const none = { stopped: [], missing: [], unknown: [], pending: [] };
const namesOf = (list: readonly StateResource[]) => list.map(({ urn }) => urn.split("::").at(-1));

describe("findFaults", () => {
  it("finds none where state and engine agree", () => {
    expect(findFaults(state, whole)).toEqual(none);
    expect(findFaults(undefined, { containers: [], networks: [], volumes: [] })).toEqual(none);
  });

  it.each(["exited", "dead", "paused"])("finds a container that is %s", (how) => {
    const faults = findFaults(state, {
      ...whole,
      containers: [container("c1", how), container("c2")],
    });
    expect(faults).toEqual({ ...none, stopped: [container("c1", how)] });
  });

  it.each(["restarting", "created"])("leaves a container that is %s to the engine", (how) => {
    const faults = findFaults(state, {
      ...whole,
      containers: [container("c1", how), container("c2")],
    });
    expect(faults).toEqual(none);
  });

  it("finds what was removed by hand, volumes included", () => {
    const faults = findFaults(state, { containers: [container("c2")], networks: [], volumes: [] });
    expect(namesOf(faults.missing)).toEqual(["broker-container", "network-bridge", "broker-data"]);
    expect(faults).toMatchObject({ stopped: [], unknown: [] });
  });

  it("finds what nothing has recorded, volumes excepted", () => {
    const faults = findFaults(undefined, whole);
    expect(faults.unknown).toEqual([
      { kind: "container", id: "c1", name: "name-of-c1" },
      { kind: "container", id: "c2", name: "name-of-c2" },
      { kind: "network", id: "n1", name: "steamline-dev" },
    ]);
    expect(faults.missing).toEqual([]);
  });

  it("does not take a container made anew under another id for the recorded one", () => {
    const faults = findFaults(state, { ...whole, containers: [container("c1"), container("c9")] });
    expect(namesOf(faults.missing)).toEqual(["producer-container"]);
    expect(faults.unknown.map(({ id }) => id)).toEqual(["c9"]);
  });

  it("does not look on the engine for a resource that was never made", () => {
    const planned = { resources: [resource(CONTAINER, "broker-container")] };
    expect(findFaults(planned, { containers: [], networks: [], volumes: [] })).toEqual(none);
  });

  it("hands on operations that were not finished", () => {
    const pending = [{ type: "creating", resource: resource(CONTAINER, "broker-container") }];
    expect(findFaults({ ...state, pending_operations: pending }, whole).pending).toEqual(pending);
  });
});
