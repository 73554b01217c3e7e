import { setTimeout as sleep } from "node:timers/promises";
import { held, machineFaults, type Fault } from "./fault";
import { patiently } from "./patience";
import type { Site } from "./site";

const failingView = (site: Site) => ({
  begin: () =>
    site.ask(
      "CREATE MATERIALIZED VIEW chaos_fails_mv TO chaos_nothing AS SELECT throwIf(1, 'chaos') AS x FROM kafka_steam_top_games",
    ),
  end: () => patiently(() => site.ask("DROP VIEW IF EXISTS chaos_fails_mv SYNC")),
});

/** Faults of what is sent and of what is declared. */
const dataFaults: readonly Fault[] = [
  {
    name: "view that fails",
    async strike({ site, random }) {
      await site.ask("CREATE TABLE IF NOT EXISTS chaos_nothing (x UInt8) ENGINE = Null");
      const { begin, end } = failingView(site);
      await held(begin, end, random.between(2_000, 8_000));
    },
  },
  { name: "2,000 bad messages", strike: ({ poison }) => poison.send() },
  {
    name: "column added",
    async strike({ warehouse }) {
      warehouse.declareColumn();
      await warehouse.up();
    },
  },
  {
    name: "ClickHouse killed while a column is added",
    async strike({ warehouse, site, random }) {
      warehouse.declareColumn();
      const cutShort = warehouse.up().catch(() => undefined);
      await sleep(random.between(0, 2_000));
      await site.clickhouse.kill();
      await cutShort;
      await site.answers();
      await patiently(() => warehouse.up());
    },
  },
];

export const faults: readonly Fault[] = [...machineFaults, ...dataFaults];

/** One of each kind that is over soon: what there is time for at every change of the code. */
export const shortRun: readonly string[] = [
  "ClickHouse killed",
  "2,000 bad messages",
  "view that fails",
  "all three killed at once",
  "power cut",
  "ClickHouse killed for want of memory",
  "ClickHouse killed while a column is added",
  "network cut",
];
