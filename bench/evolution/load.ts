import type { Kafka, Producer } from "kafkajs";
import { rows, withClient, type Connection } from "../../infra/clickhouse/client";

/** Between two batches. */
const TICK_MS = 20;
/** A machine that was held up catches up in batches that a broker takes. */
const MOST_AT_ONCE = 2_000;
/** Between two looks at what is stored. */
const LOOK_MS = 25;

/** Sends numbered records at a steady rate and remembers how many were acknowledged. */
export class Load {
  private nextId = 0;
  private acknowledged = 0;
  private stopped = false;
  private failure: unknown;
  private running: Promise<void> | undefined;
  private readonly producer: Producer;

  constructor(
    kafka: Kafka,
    private readonly topic: string,
    private readonly perSecond: number,
  ) {
    this.producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  }

  /** Records acknowledged so far: those numbered below it. */
  get count(): number {
    return this.acknowledged;
  }

  async start(): Promise<void> {
    await this.producer.connect();
    this.running = this.run().catch((error: unknown) => {
      this.failure = error;
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    await this.producer.disconnect();
    if (this.failure !== undefined) throw this.failure as Error;
  }

  private async run(): Promise<void> {
    const since = Date.now();
    while (!this.stopped) {
      const scheduled = Math.floor(((Date.now() - since) / 1000) * this.perSecond);
      const due = Math.min(scheduled, this.nextId + MOST_AT_ONCE);
      const batch = Array.from({ length: due - this.nextId }, (_, i) => this.nextId + i);
      if (batch.length > 0) {
        const messages = batch.map((id) => ({ key: String(id), value: record(id) }));
        await this.producer.send({ topic: this.topic, acks: -1, messages });
        this.nextId = due;
        this.acknowledged = due;
      }
      await sleep(TICK_MS);
    }
  }
}

function record(id: number): string {
  const t = new Date().toISOString().slice(0, 19).replace("T", " ");
  const more = { region: `r${id % 5}`, score: (id % 100) / 4, amount: id % 1000, value: id % 1000 };
  return JSON.stringify({ id, name: `game ${id % 50}`, t, ...more });
}

/** What is stored while something happens: the longest time in which nothing new came. */
export async function longestGap(
  connection: Connection,
  counting: () => string,
  work: () => Promise<void>,
  afterMs: number,
): Promise<number> {
  let done = false;
  let longest = 0;
  const watching = withClient(connection, async (client) => {
    let [last, at] = [-1, Date.now()];
    while (!done) {
      const query = `SELECT toString(max(id)) AS n FROM (${counting()})`;
      const n = await rows<{ n: string }>(client, query).then(
        ([row]) => Number(row?.n),
        () => last,
      );
      const now = Date.now();
      longest = Math.max(longest, now - at);
      if (n !== last) [last, at] = [n, now];
      await sleep(LOOK_MS);
    }
  });
  try {
    await work();
    await sleep(afterMs);
  } finally {
    done = true;
    await watching;
  }
  return longest;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
