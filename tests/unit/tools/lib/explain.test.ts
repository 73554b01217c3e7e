import { describe, expect, it } from "vitest";
import { explain } from "../../../../tools/lib/explain";

const lock = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///srv/state/.pulumi/locks/organization/steamline/dev/7d4f.json: created by ann@workstation (pid 4711) at 2026-03-01T10:00:00Z
`;

describe("explain", () => {
  it.each([
    ["LOCKED", lock, "the stack is locked by another update"],
    [
      "PASSPHRASE",
      'error: get snapshot: constructing secrets manager of type "passphrase": incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE to the correct passphrase',
      "incorrect passphrase",
    ],
    [
      "DISK_FULL",
      "    error: failed to register layer: write /usr/lib/libx.so: no space left on device",
      "no space left on device",
    ],
    [
      "DOCKER",
      "    error: Error pinging Docker server: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock",
    ],
    [
      "DOCKER",
      "    error: Error pinging Docker server, please make sure that ssh://ops@a is reachable and has a '_ping' endpoint. Error: error during connect",
      "the Docker engine at ssh://ops@a does not answer",
    ],
    [
      "PORT_IN_USE",
      "Error response from daemon: driver failed programming external connectivity on endpoint kafka (5c1a): Bind for 127.0.0.1:9092 failed: port is already allocated",
      "127.0.0.1:9092",
    ],
    [
      "PORT_IN_USE",
      "Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint kafka (5c1a): failed to bind host port 127.0.0.1:9092/tcp: address already in use",
      "127.0.0.1:9092",
    ],
    [
      "PORT_IN_USE",
      "Error starting userland proxy: listen tcp4 127.0.0.1:9092: bind: address already in use",
      "127.0.0.1:9092",
    ],
    [
      "IMAGE",
      "error: unable to read Docker image into resource: unable to find or pull image steamline/kafka:no-such-tag",
      "steamline/kafka:no-such-tag",
    ],
    [
      "IMAGE",
      "Error response from daemon: manifest for apache/kafka:0.0.1 not found: manifest unknown: manifest unknown",
      "apache/kafka:0.0.1",
    ],
    [
      "IMAGE",
      "Error response from daemon: pull access denied for nobody/nothing, repository does not exist or may require 'docker login'",
      "nobody/nothing",
    ],
    ["STACK_MISSING", "error: no stack named 'pr-9' found", "there is no stack pr-9"],
  ])("tells %s from %j", (code, output, words) => {
    const error = explain(`Updating (dev):\n\n${output}\nResources:\n    2 unchanged\n`);
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(words);
    expect(error?.message).not.toContain("\n");
    expect(error?.more.fix).toBeTruthy();
  });

  it("names who holds a lock, and since when", () => {
    expect(explain(lock)?.more.where).toBe(
      "started by ann@workstation, process 4711, at 2026-03-01T10:00:00Z",
    );
  });

  it("leaves failures alone that have words of their own", () => {
    expect(explain("error: The stack's config has 1 fault:\n  - partitions: ...")).toBeUndefined();
    expect(explain("")).toBeUndefined();
  });
});
