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
  untilOpen,
} from "./producer-faults";

/** As long as an operator's restart of a machine, and longer than any time-out in the client. */
const STOPPED_MS = 120_000;
const PAUSED_MS = 40_000;
/** Longer than the minute after which a broker ends a transaction. */
const EXPIRED_MS = 75_000;

describe.concurrent("a fault of the broker", () => {
  it(
    "absent at the start: snapshots wait, and are delivered in order once it is there",
    async (context) => {
      const broker = await startBroker(context);
      await broker.halt("stop");
      const producer = await startProducer(context, broker);
      await producer.until("waiting for Kafka: Kafka cannot be reached");
      await sleep(3_000);
      await broker.resume("start");
      await settle(context, broker, producer);
    },
    TIMEOUT_MS,
  );

  it(
    "stopped for two minutes: nothing is lost, repeated or out of order",
    async (context) => {
      const broker = await startBroker(context);
      const producer = await startProducer(context, broker);
      await producer.until("delivered");
      await broker.halt("stop");
      await sleep(STOPPED_MS);
      const since = producer.lines.length;
      await broker.resume("start");
      await producer.until("delivered", { from: since, deadlineMs: 60_000 });
      await settle(context, broker, producer);
    },
    TIMEOUT_MS,
  );

  it(
    "paused for 40 s in the middle of a send: the hanging socket is left, and nothing is repeated",
    async (context) => {
      const { expect } = context;
      const broker = await startBroker(context);
      const { outlet, troubles } = await openOutlet(context, broker, { batchBytes: 1_000 });
      const sent = messages(60_000);
      const sending = outlet.send(sent);
      await sleep(60);
      await broker.halt("pause");
      await sleep(PAUSED_MS);
      await broker.resume("unpause");
      const reports = await sending;
      expect(troubles.length).toBeGreaterThan(0);
      expect(reports.filter(({ error }) => error)).toEqual([]);
      expect(sum(reports)).toBe(sent.length);
      await expectInOrder(context, broker, sent);
    },
    TIMEOUT_MS,
  );

  it(
    "killed again and again during a send: each message is stored once, in order",
    async (context) => {
      const { expect } = context;
      const broker = await startBroker(context);
      const { outlet } = await openOutlet(context, broker, { batchBytes: 1_000 });
      const sent = messages(150_000);
      let isOver = false;
      const sending = outlet.send(sent).finally(() => (isOver = true));
      for (let kills = 0; kills < 4 && !isOver; kills++) {
        await sleep(150 + 100 * kills);
        await broker.halt("kill");
        await sleep(500);
        await broker.resume("start");
      }
      const reports = await sending;
      expect(reports.filter(({ error }) => error)).toEqual([]);
      await expectInOrder(context, broker, sent);
    },
    TIMEOUT_MS,
  );

  it(
    "restarted during transactions: each snapshot is there whole, once",
    async (context) => {
      const broker = await startBroker(context);
      const producer = await startProducer(context, broker, { TRANSACTIONAL_ID: "test" });
      await producer.until("delivered");
      for (let restarts = 0; restarts < 3; restarts++) {
        await sleep(400 + 300 * restarts);
        await broker.halt("kill");
        await broker.resume("start");
        await producer.until("delivered", { from: producer.lines.length, deadlineMs: 60_000 });
      }
      await settle(context, broker, producer);
    },
    TIMEOUT_MS,
  );

  it(
    "paused for longer than a transaction may take: one that is undone is sent again, and all is there once",
    async (context) => {
      const { expect } = context;
      const broker = await startBroker(context, {
        settings: { KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS: "100" },
      });
      const { outlet } = await openOutlet(context, broker, {
        batchBytes: 1_000,
        transactionalId: "test",
      });
      const sent = messages(60_000);
      const sending = outlet.send(sent).catch((error: unknown) => error);
      await sleep(60);
      await broker.halt("pause");
      await sleep(EXPIRED_MS);
      await broker.resume("unpause");
      const outcome = await sending;
      // On a machine so busy that it had not begun before the pause, it just goes through.
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({
          canRetry: true,
          message: expect.stringMatching(/the broker has undone the transaction/) as string,
        });
        await untilOpen(outlet);
        expect(sum(await outlet.send(sent))).toBe(sent.length);
      }
      await expectInOrder(context, broker, sent);
    },
    TIMEOUT_MS,
  );
});
