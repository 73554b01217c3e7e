import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stackNames } from "../../infra/names";
import { createAuthority, createCertificate } from "../../infra/dynamic/certificates";
import type { TlsAccess } from "../../pipeline/kafka/access";
import { withAdmin } from "../../tools/lib/topics";
import { Load } from "../chaos/load";
import { asSent, baseOfToday, SNAPSHOT_RECORDS } from "../chaos/records";
import { kafkaCommand, passwordOf, urnOf } from "./kafka-clients";
import { accessOf, checkout, docker, leftovers, npm, npmOk, query } from "./steamline";

/** A stack of three brokers whose clients have to prove who they are. */
const trio = "e2e-trio";
const file = join(checkout, `Pulumi.${trio}.yaml`);
const spoolDirectory = mkdtempSync(join(tmpdir(), "trio-"));
const baseSeconds = baseOfToday();
let load: Load;

const configure = (values: Record<string, number | string>) =>
  writeFileSync(
    file,
    `config:\n${Object.entries({
      brokers: 3,
      replicationFactor: 3,
      kafkaSecurity: "sasl_ssl",
      ...values,
    })
      .map(([key, value]) => `  steamline:${key}: ${value}\n`)
      .join("")}`,
  );

beforeAll(async () => {
  configure({});
  await npmOk("up", ["--stack", trio]);
  load = new Load({
    kafka: await accessOf(trio),
    topic: stackNames(trio).topics.topGames,
    spoolDirectory,
    baseSeconds,
    everyMs: 500,
  });
});
afterAll(async () => {
  await load.signal("SIGKILL");
  await npm("destroy", ["--stack", trio]);
  rmSync(file, { force: true });
  rmSync(spoolDirectory, { recursive: true });
});

const topicsBehind = () =>
  docker("exec", `${trio}-kafka`, "kafka-topics", "--bootstrap-server", "localhost:9092", "--describe", "--under-replicated-partitions"); // prettier-ignore

describe("a stack of three brokers", () => {
  it("is healthy, keeps three copies of everything, and shows no change", async () => {
    const status = await npm("status", ["--stack", trio, "--json"]);
    expect(status.code, status.stdout).toBe(0);
    expect(status.stdout).toContain("Kafka's certificates");
    const described = await docker("exec", `${trio}-kafka-3`, "kafka-topics", "--bootstrap-server", "localhost:9092", "--describe"); // prettier-ignore
    const copies = [...described.matchAll(/ReplicationFactor: (\d)/g)].map(([, copy]) => copy);
    expect(copies.length).toBeGreaterThan(2);
    expect(new Set(copies)).toEqual(new Set(["3"]));
    expect(await topicsBehind()).toBe("");
    await npmOk("preview", ["--stack", trio, "--refresh", "--expect-no-changes"]);
  });

  it("lets nobody in with a wrong password, nor beyond what a user may do", async () => {
    const { tls } = await accessOf(trio);
    const topic = stackNames(trio).topics.topGames;
    const reader = { stack: trio, username: "clickhouse", ca: tls?.ca ?? "" };
    const known = { ...reader, password: await passwordOf(trio, "clickhouse") };
    const listed = await kafkaCommand(known, "kafka-topics", "--command-config", "--list");
    expect(listed.stdout.split("\n").filter(Boolean).sort()).toEqual(
      Object.values(stackNames(trio).topics).sort(),
    );
    const wrong = { ...reader, password: "wrong" };
    const guessed = await kafkaCommand(wrong, "kafka-topics", "--command-config", "--list");
    expect(guessed.code).not.toBe(0);
    expect(guessed.stdout + guessed.stderr).toContain("SaslAuthenticationException");
    const sent = await kafkaCommand(known, "kafka-console-producer", "--producer.config", "--topic", topic); // prettier-ignore
    expect(sent.stdout + sent.stderr).toMatch(/AuthorizationException/);
    const groups = await kafkaCommand(known, "kafka-consumer-groups", "--command-config", "--delete", "--group", stackNames(trio).groups.topGames); // prettier-ignore
    expect(groups.stdout + groups.stderr).toContain("GroupAuthorizationException");
  });

  it("lets nobody in from the host without a certificate that the stack's authority signed", async () => {
    const access = await accessOf(trio);
    const authority = await createAuthority({ commonName: "somebody else" });
    const foreign = await createCertificate({ authority, commonName: "admin", hosts: [], days: 1 });
    const topics = (tls: TlsAccess) => withAdmin({ ...access, tls }, (admin) => admin.listTopics());
    const { ca = "" } = access.tls ?? {};
    expect(await topics({ ...access.tls })).toContain(stackNames(trio).topics.topGames);
    await expect(topics({ ca })).rejects.toThrow();
    await expect(topics({ ca, cert: foreign.certificate, key: foreign.key })).rejects.toThrow();
    await expect(topics({ ...access.tls, ca: authority.certificate })).rejects.toThrow(
      /self-signed|unable to verify|signature/,
    );
    await expect(withAdmin({ brokers: access.brokers }, (admin) => admin.listTopics())).rejects.toThrow(); // prettier-ignore
  });

  it("loses and repeats nothing while a broker is killed, and up brings it back", async () => {
    load.start();
    await sleep(3_000);
    await docker("kill", `${trio}-kafka-2`);
    await sleep(5_000);
    await npmOk("up", ["--stack", trio, "--refresh"]);
    expect(await docker("inspect", "-f", "{{.State.Running}}", `${trio}-kafka-2`)).toBe("true\n");
    expect(await topicsBehind()).toBe("");
  });

  it("changes settings on one broker after the other", async () => {
    configure({ kafkaMemoryMb: 800 });
    const events = npmOk("up", ["--stack", trio]);
    let fewest = 3;
    for (let done = false; !done;) {
      done = await Promise.race([events.then(() => true), sleep(200).then(() => false)]);
      const running = await docker("ps", "-q", "--filter", "status=running", "--filter", `name=${trio}-kafka`); // prettier-ignore
      fewest = Math.min(fewest, running.split("\n").length - 1);
    }
    expect(fewest).toBe(2);
    for (const node of ["", "-2", "-3"])
      expect(await docker("inspect", "-f", "{{.HostConfig.Memory}}", `${trio}-kafka${node}`)).toBe(
        `${800 * 1024 * 1024}\n`,
      );
    expect(await topicsBehind()).toBe("");
  });

  it("gives its users new passwords in one up, and forgets the old ones", async () => {
    const { tls } = await accessOf(trio);
    const caller = { stack: trio, username: "clickhouse", ca: tls?.ca ?? "" };
    const old = { ...caller, password: await passwordOf(trio, "clickhouse") };
    const passwords = await Promise.all(
      ["clickhouse", "producer"].map((user) => urnOf(trio, `kafka-${user}-password`)),
    );
    const renewed = passwords.flatMap((urn) => ["--replace", urn]);
    await npmOk("pulumi", ["up", "--yes", "--skip-preview", "--stack", trio, ...renewed]);
    const refused = await kafkaCommand(old, "kafka-topics", "--command-config", "--list");
    expect(refused.stdout + refused.stderr).toContain("SaslAuthenticationException");
    await npmOk("status", ["--stack", trio, "--wait"]);
  });

  it("has then every record that was acknowledged, once", async () => {
    await sleep(2_000);
    await load.signal("SIGTERM");
    expect(load.faults).toEqual([]);
    expect(load.delivered).toEqual(load.kept);
    expect(load.delivered.size).toBeGreaterThan(20);
    const audit = await npmOk("audit", ["--stack", trio]);
    expect(audit.stdout).toContain("complete");
    const sent = load.delivered.size * SNAPSHOT_RECORDS;
    const rows = `SELECT count(), countIf(${asSent(baseSeconds)}) FROM steam_top_games WHERE game_id <= ${SNAPSHOT_RECORDS} AND game_name LIKE 'game %'`;
    expect(await query(rows, "reader", trio)).toBe(`${sent}\t${sent}`);
  });

  it("does not begin to take anybody while its nodes would no longer find each other", async () => {
    configure({ kafkaSecurity: "plaintext" });
    const open = await npm("preview", ["--stack", trio]);
    expect(open.code).not.toBe(0);
    expect(open.stdout + open.stderr).toMatch(/kafkaSecurity cannot change while there are 3 brokers/); // prettier-ignore
    configure({});
  });

  it("is not made one of fewer that vote, nor of more replicas than brokers", async () => {
    configure({ brokers: 2, replicationFactor: 2 });
    const fewer = await npm("preview", ["--stack", trio]);
    expect(fewer.code).not.toBe(0);
    expect(fewer.stdout + fewer.stderr).toMatch(/3 that vote on its metadata cannot become one of 1/); // prettier-ignore
    configure({});
    await npmOk("preview", ["--stack", trio]);
  });

  it("is destroyed without a trace", async () => {
    await npmOk("destroy", ["--stack", trio]);
    expect(await leftovers(trio)).toEqual([]);
  });
});
