import { expect, it } from "vitest";
import { containerFault } from "../../../../../tools/lib/status/hop";
import { observations, seen } from "./observations";

it("tells on which of several hosts a log is to be read", () => {
  const containers = seen({ producer: "running (unhealthy)" });
  const fix = (more: { endpoints?: Record<string, string> }) =>
    containerFault(observations({ containers, ...more }), "producer")?.fix;
  expect(fix({})).toBe("docker logs steam-producer");
  expect(fix({ endpoints: { producer: "ssh://ops@a" } })).toBe(
    "docker --host ssh://ops@a logs steam-producer",
  );
});
