import { setTimeout as sleep } from "node:timers/promises";
import type { Producer } from "kafkajs";
import { formatFetchTime } from "../../pipeline/record";
import type { Stand } from "../../tests/image/stand";
import { withContestant, type Contestant } from "./contestants";

const TICK_MS = 10;
const LOOK_MS = 5;
const DEADLINE_MS = 60_000;
/** Sent before anything counts, so that the group has formed. */
const WARM_SECONDS = 5;

export interface Latency {
  p50Ms: number;
  p99Ms: number;
  records: number;
}

/** Sends at a steady rate, and looks when each record can be queried. */
export async function latency(
  stand: Stand,
  contestant: Contestant,
  topic: string,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Latency> {
  return withContestant(stand, contestant, topic, async (ask) => {
    // Idempotent, kafkajs stops for good where two of several requests are answered out of their order.
    const producer = stand.kafka.producer();
    await producer.connect();
    try {
      const count = perSecond * (seconds + WARM_SECONDS);
      const sentAt = new Array<number>(count).fill(Infinity);
      const seenAt = new Array<number>(count).fill(Infinity);
      await Promise.all([send(producer, topic, perSecond, sentAt), look(ask, seenAt)]);
      const times = seenAt
        .map((seen, id) => seen - (sentAt[id] ?? Infinity))
        .slice(perSecond * WARM_SECONDS)
        .sort((a, b) => a - b);
      const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? Infinity;
      return { p50Ms: at(0.5), p99Ms: at(0.99), records: times.length };
    } finally {
      await producer.disconnect();
    }
  });
}

async function send(
  producer: Producer,
  topic: string,
  perSecond: number,
  sentAt: number[],
): Promise<void> {
  const since = performance.now();
  const sends: Promise<unknown>[] = [];
  for (let next = 0; next < sentAt.length;) {
    const now = performance.now();
    const due = Math.min(sentAt.length, Math.floor(((now - since) / 1000) * perSecond));
    const messages = [];
    for (; next < due; next++) {
      sentAt[next] = now;
      messages.push({ key: String(next % 100), value: record(next) });
    }
    if (messages.length > 0) sends.push(producer.send({ topic, acks: -1, messages }));
    await sleep(TICK_MS);
  }
  await Promise.all(sends);
}

function record(id: number): string {
  return JSON.stringify({
    game_id: id + 1,
    game_name: `game ${id % 100}`,
    current_players: id + 1,
    peak_today: id + 1,
    rank: (id % 100) + 1,
    fetch_time: formatFetchTime(new Date()),
  });
}

/** Notes of each id when it was first seen, until all were. */
async function look(ask: <R>(query: string) => Promise<R[]>, seenAt: number[]): Promise<void> {
  let unseen = 0;
  for (let last = Date.now(); unseen < seenAt.length;) {
    const found = await ask<{ ids: number[] }>(
      `SELECT groupArray(toUInt32(current_players - 1)) AS ids FROM steam_top_games WHERE current_players > ${unseen}`,
    );
    const now = performance.now();
    for (const id of found[0]?.ids ?? [])
      if (seenAt[id] === Infinity) [seenAt[id], last] = [now, Date.now()];
    while (unseen < seenAt.length && seenAt[unseen] !== Infinity) unseen++;
    if (Date.now() - last > DEADLINE_MS) throw new Error(`record ${unseen} does not come`);
    await sleep(LOOK_MS);
  }
}
