import { describe, expect, it } from "vitest";
import { evaluate } from "../../../../../tools/lib/status/evaluate";
import { observations } from "./observations";

describe("Kafka's certificates", () => {
  const DAY_MS = 86_400_000;
  const ending = (days: number) => {
    const { now } = observations();
    const { hops } = evaluate(observations({ certificatesEnd: now + days * DAY_MS }));
    return hops.find(({ name }) => name === "Kafka's certificates");
  };

  it("are told of in their last thirty days and when they have ended, with what makes new ones", () => {
    expect(ending(31)).toMatchObject({ healthy: true, days: 31 });
    const fix = "npm run up -- --stack dev makes new ones";
    expect(ending(29)).toMatchObject({ healthy: false, days: 29, fix });
    expect(ending(29)?.detail).toMatch(/^valid until \d{4}-\d\d-\d\d, for 29 days$/);
    expect(ending(-1)).toMatchObject({ healthy: false, fix });
    expect(ending(-1)?.detail).toMatch(/^ended on /);
  });
});
