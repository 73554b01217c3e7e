import { expect, it } from "vitest";
import { StackNetwork } from "../../../infra/network";
import { named, recordResources, settled, valueOf } from "./recorder";

it("is one network under the stack's label, which tells its name", async () => {
  const recorded = await recordResources();
  const network = new StackNetwork("network", { stack: "test", networkName: "steamline-test" });
  await settled(recorded);
  expect(recorded.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "steamline:docker:StackNetwork network",
    "docker:index/network:Network network-bridge",
  ]);
  expect(named(recorded, "network-bridge").inputs).toEqual({
    name: "steamline-test",
    labels: [{ label: "steamline.stack", value: "test" }],
  });
  expect(await valueOf(network.networkName)).toBe("steamline-test");
});
