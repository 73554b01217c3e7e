import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { allDashboards, defaultOptions } from "../../dashboards";
import { alerting } from "../../dashboards/alerts/file";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { clusterCatalog } from "../../infra/clickhouse/cluster-catalog";
import { configXml } from "../../infra/clickhouse/xml";
import { expand } from "../../tools/check/expand";
import { alertParts } from "../../tools/check/lint";
import { trialRanges } from "../../tools/check/run";
import { choicesOf, dashboardParts, targetsOf } from "../../tools/check/targets";
import {
  deliveredAgain,
  enter,
  holesIn,
  missingLetters,
  readLedger,
} from "../../tools/lib/audit/ledger";
import { readRows } from "../../tools/lib/audit/rows";
import type { Ask } from "../../tools/lib/audit/target";
import { openStandIn, sqlDir, type StandIn } from "./stand-in";

/** Two shards, both of which are the engine itself: each row is there twice, and a query goes to two places. */
const replica = { host: "127.0.0.1", port: 9000 };
const twice = configXml({
  tcp_port: 9000,
  macros: { shard: 1 },
  remote_servers: { steamline: { shard: [{ replica }, { replica }] } },
});
const options = { ...defaultOptions, clickhouseCluster: { shards: 2, replicas: 1 } };

describe("panels and alerts over several shards", () => {
  let engine: StandIn;
  beforeAll(() => {
    engine = openStandIn(clusterCatalog(readCatalog(sqlDir)), twice);
    engine.session.query("SET distributed_foreground_insert = 1, final = 1");
    const rows = [1, 2, 3].map((hour) => `(730, 'Game', 100, 200, 1, now() - ${hour * 3_600})`);
    engine.session.query(`INSERT INTO steam_top_games VALUES ${rows.join(", ")}`);
  });
  afterAll(() => engine.close());

  const queries = () => {
    const dashboards = allDashboards(options).flatMap(({ json }) => {
      const dashboard = dashboardParts.parse(JSON.parse(json));
      const choices = choicesOf(dashboard);
      return targetsOf(dashboard).map(({ where, rawSql }) => ({ where, rawSql, choices }));
    });
    const thresholds = { stalePolls: 5, lagMessages: 1, badMessages: 0, diskFreePercent: 10 };
    const { groups } = alertParts.parse(parse(alerting({ options, thresholds })));
    const alerts = groups.flatMap(({ rules }) =>
      rules.flatMap(({ title, data }) =>
        data.flatMap(({ model: { rawSql } }) =>
          rawSql ? { where: title, rawSql, choices: {} } : [],
        ),
      ),
    );
    return [...dashboards, ...alerts];
  };

  it("are all answered, where a subquery on all shards is asked once", () => {
    engine.session.query("SET distributed_product_mode = 'global'");
    const all = queries();
    expect(all.length).toBeGreaterThan(50);
    for (const { where, rawSql, choices } of all)
      for (const [name, range] of trialRanges(new Date()))
        expect(() => engine.ask(expand(rawSql, range, choices)), `${where}, ${name}`).not.toThrow();
  });

  it("would be refused in part without that", () => {
    engine.session.query("SET distributed_product_mode = 'deny'");
    const [, range] = trialRanges(new Date())[0]!;
    const refused = queries().filter(({ rawSql, choices }) => {
      try {
        engine.ask(expand(rawSql, range, choices));
        return false;
      } catch (error) {
        return /DISTRIBUTED_IN_JOIN_SUBQUERY_DENIED/.test(String(error));
      }
    });
    expect(refused.length).toBeGreaterThan(0);
  });

  it("is how the audit's questions are answered as well", async () => {
    engine.session.query("SET distributed_product_mode = 'global'");
    const ask: Ask = async <T>(sql: string) =>
      String(engine.session.query(sql, "JSONEachRow"))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as T);
    const stream = { topic: "top", group: "g", table: "steam_top_games", keyColumn: "game_id" };
    expect(await readRows({ ask, days: 7 }, stream)).toMatchObject({ missingRows: 0 });
    await enter(ask, stream, 0, [{ first: 3, last: 4, fate: "empty" }]);
    expect((await readLedger(ask, stream)).get(0)?.fates).toEqual({ empty: 2 });
    expect(await holesIn(ask, stream, { partition: 0 }, { first: 3, last: 5 })).toEqual([
      { first: 5, last: 5 },
    ]);
    expect(await deliveredAgain(ask, stream, 0)).toEqual([]);
    expect((await missingLetters(ask, stream, [])).size).toBe(0);
  });

  it("and a message is stored on one of them, its offset known to whoever reads it next", () => {
    const count = (table: string) => Number(engine.ask(`SELECT count() FROM ${table}`));
    const before = count("steamline_shard.steam_top_games");
    const message = `(570, 'Other', 1, 1, 1, toStartOfHour(now()), 'top', '', 9, 0, NULL, [], [], '', '')`;
    for (let times = 0; times < 2; times++)
      engine.session.query(`INSERT INTO kafka_steam_top_games VALUES ${message}`);
    expect(count("steamline_shard.steam_top_games FINAL") - before).toBe(1);
    const known = "SELECT groupBitmapMerge(again) FROM steam_ledger WHERE topic = 'top'";
    expect(engine.ask(known)).toBe("1");
  });
});
