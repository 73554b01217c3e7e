import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createAuthority } from "../../infra/dynamic/certificates";
import { stackNames } from "../../infra/names";
import { withAdmin } from "../../tools/lib/topics";
import { checkout, docker, leftovers, npm, npmOk } from "../e2e/steamline";
import { startForeignKafka, type ForeignKafka } from "./foreign-kafka";

const stack = "stacks-external";
const file = join(checkout, `Pulumi.${stack}.yaml`);
let kafka: ForeignKafka;

/** The stack's config, with the password as Pulumi wants it. */
async function configure(values: Record<string, string>, password: string): Promise<void> {
  const { brokers, tls, sasl } = kafka.access;
  const all = {
    kafkaExternal: brokers,
    kafkaExternalCa: tls.ca,
    kafkaExternalMechanism: sasl.mechanism,
    kafkaExternalUsername: sasl.username,
    ...values,
  };
  const own = Object.entries(all).map(([key, value]) => [`steamline:${key}`, value]);
  writeFileSync(file, stringify({ config: Object.fromEntries(own) as Record<string, string> }));
  await npmOk("pulumi", ["config", "set", "--secret", "kafkaExternalPassword", password, "--stack", stack]); // prettier-ignore
}

const refusal = async () => {
  const { code, stdout, stderr } = await npm("up", ["--stack", stack]);
  expect(code).not.toBe(0);
  return stdout + stderr;
};

describe("a stack whose Kafka is somebody else's", () => {
  beforeAll(async () => {
    kafka = await startForeignKafka();
    rmSync(file, { force: true });
    await npm("pulumi", ["stack", "init", stack]);
  });
  afterAll(async () => {
    await npm("destroy", ["--stack", stack]);
    rmSync(file, { force: true });
    await kafka.close();
  });

  it("is refused, and why is told, where that lets nobody in", async () => {
    await configure({}, "wrong");
    expect(await refusal()).toMatch(/does not let company in: .*Look at kafkaExternalMechanism/);
    const { certificate } = await createAuthority({ commonName: "another" });
    await configure({ kafkaExternalCa: certificate }, "right");
    expect(await refusal()).toMatch(/shows a certificate that is not trusted: /);
    await configure({ kafkaExternal: "127.0.0.1:1" }, "right");
    expect(await refusal()).toMatch(
      /the Kafka at 127\.0\.0\.1:1 \(kafkaExternal\) does not answer/,
    );
    await configure({ replicationFactor: "3" }, "right");
    expect(await refusal()).toMatch(
      /replicationFactor: 3 is more than the 1 broker of the Kafka at/,
    );
    expect(await leftovers(stack)).toEqual([]);
  });

  it("comes up to live rows without a broker of its own, and shows no change then", async () => {
    await configure({}, "right");
    await npmOk("up", ["--stack", stack]);
    const running = await docker("ps", "--format", "{{.Names}}", "--filter", `label=steamline.stack=${stack}`); // prettier-ignore
    expect(running.trim().split("\n").sort()).toEqual([
      `${stack}-clickhouse-server`,
      `${stack}-steam-producer`,
      `${stack}-steam-simulator`,
    ]);
    expect((await npmOk("audit", ["--stack", stack])).stdout).toContain("complete");
    await npmOk("status", ["--stack", stack]);
    await npmOk("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
  });

  it("does not make brokers of its own while its topics are there", async () => {
    await configure({ kafkaExternal: "" }, "right");
    expect(await refusal()).toMatch(/the stack has its topics at the Kafka of kafkaExternal/);
    await configure({}, "right");
  });

  it("takes its topics with it, and nothing else", async () => {
    const topics = () => withAdmin(kafka.access, (admin) => admin.listTopics());
    const own = Object.values(stackNames(stack).topics);
    expect(await topics()).toEqual(expect.arrayContaining(own));
    await npmOk("destroy", ["--stack", stack]);
    expect((await topics()).filter((topic) => own.includes(topic))).toEqual([]);
    expect(await leftovers(stack)).toEqual([]);
  });
});
