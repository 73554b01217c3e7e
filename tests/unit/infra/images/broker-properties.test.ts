import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const script = join(__dirname, "../../../../infra/images/kafka/server/broker-properties");

function propertiesOf(variables: Record<string, string>): string[] {
  const env = { PATH: process.env["PATH"], ...variables };
  return execFileSync(script, { env, encoding: "utf8" }).split("\n").slice(0, -1);
}

describe("a broker's properties", () => {
  it("come from the KAFKA_ variables, sorted", () => {
    expect(
      propertiesOf({
        KAFKA_NODE_ID: "1",
        KAFKA_LISTENERS: "A://:1,B://:2",
        KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
        HOME: "/root",
      }),
    ).toEqual([
      "controller.quorum.voters=1@localhost:9093",
      "listeners=A://:1,B://:2",
      "node.id=1",
    ]);
  });

  it("have underscores and hyphens as the official image has them", () => {
    expect(propertiesOf({ KAFKA_A__B_C: "x", KAFKA_D___E: "y" })).toEqual(["a_b.c=x", "d-e=y"]);
  });

  it("keep values as they are: equals signs, spaces, line ends", () => {
    expect(propertiesOf({ KAFKA_A: "k=v; w  x\ny" })).toEqual(["a=k=v; w  x\\ny"]);
  });

  it("leave out what is meant for the JVM and its tools", () => {
    const variables = ["DIR", "VERSION", "HEAP_OPTS", "OPTS", "JMX_PORT", "LOG4J_ROOT_LOGLEVEL"];
    expect(propertiesOf(Object.fromEntries(variables.map((v) => [`KAFKA_${v}`, "x"])))).toEqual([]);
  });
});
