import { describe, expect, it } from "vitest";
import { nameObjects, parseContainer } from "../../../../tools/lib/docker";

const line = (...fields: string[]) => fields.join("\t");

describe("parseContainer", () => {
  it("reads a container of a stack", () => {
    const ports = "127.0.0.1:9092->9092/tcp, 29092/tcp";
    const text = line("4f0c", "kafka", "running", "Up 5 minutes (healthy)", ports, "dev");
    expect(parseContainer(text)).toEqual({
      id: "4f0c",
      name: "kafka",
      state: "running",
      status: "Up 5 minutes (healthy)",
      ports: [9092],
      stack: "dev",
    });
  });

  it("counts a port once that is published on IPv4 and IPv6", () => {
    const ports = "0.0.0.0:3000->3000/tcp, [::]:3000->3000/tcp, 127.0.0.1:20001->8123/tcp";
    expect(parseContainer(line("1", "g", "running", "Up", ports, "")).ports).toEqual([3000, 20001]);
  });

  it("knows a container of nobody, without ports", () => {
    const container = parseContainer(line("1", "other", "exited", "Exited (0) 2 days ago", "", ""));
    expect(container).toMatchObject({ ports: [], stack: undefined, state: "exited" });
  });
});

describe("nameObjects", () => {
  it("names each with its kind", () => {
    const container = parseContainer(line("1", "kafka", "exited", "Exited", "", "dev"));
    const networks = [{ id: "2", name: "steamline-dev" }];
    expect(nameObjects({ containers: [container], networks, volumes: ["data"] })).toEqual([
      "container kafka",
      "network steamline-dev",
      "volume data",
    ]);
  });
});
