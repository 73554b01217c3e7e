import { setTimeout as sleep } from "node:timers/promises";
import type { ChaosContainer } from "./container";
import type { Load } from "./load";
import type { Poison } from "./poison";
import type { Random } from "./random";
import type { Site } from "./site";
import type { Warehouse } from "./warehouse";

/** What a fault may strike. */
export interface Scene {
  site: Site;
  load: Load;
  warehouse: Warehouse;
  poison: Poison;
  random: Random;
}

/** One way to do harm. */
export interface Fault {
  name: string;
  /** Whether it lasts beyond the 45 s in which a group waits for a silent member. */
  isLong?: boolean;
  /** Whether it takes disks that can lose their power. */
  cutsPower?: boolean;
  /** Does it, and takes it back: when it resolves nothing hinders the pipeline any more. */
  strike(scene: Scene): Promise<void>;
}

/** Beyond the session time-out of ClickHouse's consumers, which is 45 s. */
const LONG_MS = 48_000;

/** Holds something for a time and lets it go again, whatever happens. */
export async function held(
  begin: () => Promise<unknown>,
  end: () => Promise<unknown>,
  ms: number,
): Promise<void> {
  await begin();
  try {
    await sleep(ms);
  } finally {
    await end();
  }
}

const killed: Fault[] = [
  { name: "broker killed", strike: ({ site }) => site.broker.kill() },
  { name: "ClickHouse killed", strike: ({ site }) => site.clickhouse.kill() },
  {
    name: "producer killed",
    async strike({ load, random }) {
      await load.signal("SIGKILL");
      await sleep(random.between(0, 2_000));
      load.start();
    },
  },
  {
    name: "all three killed at once",
    async strike({ site, load }) {
      await Promise.all([site.broker.kill(), site.clickhouse.kill(), load.signal("SIGKILL")]);
      load.start();
    },
  },
  {
    name: "ClickHouse killed, again while it starts",
    async strike({ site, random }) {
      await site.clickhouse.kill();
      await sleep(random.between(300, 2_500));
      await site.clickhouse.kill();
    },
  },
];

const shortOfMemory: Fault[] = [
  {
    name: "broker killed for want of memory",
    strike: ({ site }) => site.broker.runOutOfMemory(),
  },
  {
    name: "ClickHouse killed for want of memory",
    strike: ({ site }) => site.clickhouse.runOutOfMemory(),
  },
];

const powerless: Fault[] = [
  {
    name: "power cut",
    cutsPower: true,
    async strike({ site, load }) {
      await site.losePower(load);
      load.start();
    },
  },
];

const heldStill: Fault[] = [
  {
    name: "broker held still for 48 s",
    isLong: true,
    strike: ({ site: { broker } }) => held(broker.pause, broker.unpause, LONG_MS),
  },
  {
    name: "ClickHouse held still for 48 s",
    isLong: true,
    strike: ({ site: { clickhouse } }) => held(clickhouse.pause, clickhouse.unpause, LONG_MS),
  },
  {
    name: "producer held still for 48 s",
    isLong: true,
    strike: ({ load }) =>
      held(
        () => load.signal("SIGSTOP"),
        () => load.signal("SIGCONT"),
        LONG_MS,
      ),
  },
];

const cutOff: Fault[] = [
  {
    name: "network cut",
    strike: ({ site, random }) => held(site.cut, site.mend, random.between(1_000, 12_000)),
  },
  {
    name: "network cut for 48 s",
    isLong: true,
    strike: ({ site }) => held(site.cut, site.mend, LONG_MS),
  },
];

const restarted: Fault[] = [
  {
    name: "broker restarted",
    strike: ({ site: { broker } }) => held(broker.stop, broker.start, 0),
  },
  {
    name: "ClickHouse restarted",
    strike: ({ site: { clickhouse } }) => held(clickhouse.stop, clickhouse.start, 0),
  },
  {
    name: "all stopped, ClickHouse started before its broker",
    async strike({ site, load, random }) {
      await load.signal("SIGSTOP");
      await Promise.all([site.broker.stop(), site.clickhouse.stop()]);
      await site.clickhouse.start();
      await sleep(random.between(500, 6_000));
      await load.signal("SIGCONT");
      await site.broker.start();
    },
  },
];

function shortOfDisk(part: ChaosContainer, random: Random, isKilled = false): Promise<void> {
  const begin = async () => {
    await part.fillDisk();
    if (isKilled) await part.kill();
  };
  return held(begin, part.freeDisk, random.between(3_000, 8_000));
}

const diskFull: Fault[] = [
  {
    name: "broker's disk full",
    strike: ({ site: { broker }, random }) => shortOfDisk(broker, random),
  },
  {
    name: "ClickHouse's disk full",
    strike: ({ site: { clickhouse }, random }) => shortOfDisk(clickhouse, random),
  },
  {
    name: "broker killed, its disk full",
    strike: ({ site: { broker }, random }) => shortOfDisk(broker, random, true),
  },
  {
    name: "ClickHouse killed, its disk full",
    strike: ({ site: { clickhouse }, random }) => shortOfDisk(clickhouse, random, true),
  },
];

/** Faults of processes, networks and machines. */
export const machineFaults: readonly Fault[] = [
  ...killed,
  ...shortOfMemory,
  ...powerless,
  ...heldStill,
  ...cutOff,
  ...restarted,
  ...diskFull,
];
