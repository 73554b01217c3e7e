import { writeFileSync } from "node:fs";
import { describe, it } from "vitest";
import {
  expectInOrder,
  messages,
  openOutlet,
  settle,
  sleep,
  startBroker,
  startProducer,
  sum,
  TIMEOUT_MS,
  TOPIC,
} from "./producer-faults";
import { disorderIn, temporaryDirectory } from "./producer-process";

describe.concurrent("a refusal of the broker", () => {
  it(
    "topic deleted: one line says so, and delivery goes on once it is there again",
    async (context) => {
      const { expect } = context;
      const broker = await startBroker(context);
      const producer = await startProducer(context, broker);
      await producer.until("delivered");
      await broker.withAdmin((admin) => admin.deleteTopics({ topics: [TOPIC] }));
      await producer.until(`there is no topic ${TOPIC} on the broker`);
      await sleep(2_000);
      await broker.createTopic(TOPIC);
      const since = producer.lines.length;
      await producer.until("delivered", { from: since, deadlineMs: 60_000 });
      await sleep(2_000);
      await producer.end("SIGTERM");
      const records = await broker.read(TOPIC);
      expect(disorderIn(records)).toEqual([]);
      expect(records.length).toBeGreaterThanOrEqual(300);
    },
    TIMEOUT_MS,
  );

  it(
    "message above the limit: it alone is reported, all others are stored in order",
    async (context) => {
      const { expect } = context;
      const broker = await startBroker(context);
      const { outlet } = await openOutlet(context, broker, { batchBytes: 900_000 });
      const sent = messages(3_000, (index) => (index === 1_234 ? 1_100_000 : 100));
      const reports = await outlet.send(sent);
      const refused = reports.filter(({ error }) => error);
      expect(refused).toHaveLength(1);
      expect(refused[0]).toMatchObject({
        partition: 1_234 % 3,
        records: 1,
        error: {
          code: "KAFKA_REFUSED",
          message: expect.stringMatching(/larger than the max message size/) as string,
        },
      });
      expect(sum(reports)).toBe(sent.length);
      await expectInOrder(
        context,
        broker,
        sent.filter((_, index) => index !== 1_234),
      );
    },
    TIMEOUT_MS,
  );

  it(
    "authentication refused: one line says so without the password, and snapshots wait",
    async (context) => {
      const { expect } = context;
      const broker = await startBroker(context, { password: "right" });
      const passwordFile = `${temporaryDirectory()}/password`;
      writeFileSync(passwordFile, "wrong-password");
      const login = {
        KAFKA_SASL_MECHANISM: "plain",
        KAFKA_SASL_USERNAME: "producer",
        KAFKA_SASL_PASSWORD_FILE: passwordFile,
        SPOOL_DIR: temporaryDirectory(),
      };
      const refused = await startProducer(context, broker, login);
      await refused.until("Kafka refuses the credentials");
      await refused.end("SIGTERM");
      expect(JSON.stringify(refused.lines)).not.toContain("wrong-password");

      writeFileSync(passwordFile, "right");
      // It delivers what the refused one left behind, and then what it polls itself.
      await sleep(1_000);
      const admitted = await startProducer(context, broker, login);
      await settle(context, broker, refused, admitted);
    },
    TIMEOUT_MS,
  );

  it(
    "disk full, at which a broker ends: snapshots wait until there is room, and nothing is lost",
    async (context) => {
      const broker = await startBroker(context, {
        diskMb: 64,
        settings: { KAFKA_LOG_SEGMENT_BYTES: "1048576" },
      });
      const producer = await startProducer(context, broker);
      await producer.until("delivered");
      const since = producer.lines.length;
      await broker.onDisk("cat /dev/zero > filler || true");
      await producer.until("KAFKA_STORAGE_ERROR", { from: since });
      await producer.until("Kafka cannot be reached", { from: since });
      await sleep(5_000);
      await broker.onDisk("rm filler");
      await settle(context, broker, producer);
    },
    TIMEOUT_MS,
  );
});
