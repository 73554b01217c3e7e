import { expect, it } from "vitest";
import { brokerEnvironment } from "../../../infra/broker-environment";

it("a broker hands nothing over as it goes where there is none to hand it to", () => {
  const handsOver = (brokers: number) =>
    !brokerEnvironment({ brokers, port: 20_000, memoryMb: 1024 }).includes(
      "KAFKA_CONTROLLED_SHUTDOWN_ENABLE=false",
    );
  expect([1, 2, 3].map(handsOver)).toEqual([false, true, true]);
});
