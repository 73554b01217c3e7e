import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { trustingFetch } from "../../infra/clickhouse/trusting-fetch";
import { allDashboards, defaultOptions, type BoardOptions } from "../../dashboards";
import { seed } from "../check/rows";
import { parseResult, Scratch, type Engine } from "../check/scratch";
import { standIn } from "../check/stand-ins";
import { readOutputs } from "../lib/outputs";
import { checkout } from "../lib/paths";
import { createProgress } from "../lib/progress";
import { openSession } from "../lib/session";
import { UserError } from "../lib/user-error";

const DAYS = 31;
const POLL_SECONDS = 300;

/** What the seeded month's dashboards are told. */
export const seededOptions: BoardOptions = {
  ...defaultOptions,
  source: "simulated",
  pollIntervalSeconds: POLL_SECONDS,
};

/** Where rows and dashboards come from. */
export interface Source {
  engine: Engine;
  /** In words. */
  name: string;
  /** Dashboards' JSON by file name. */
  dashboards(): Record<string, string>;
  close(): void;
}

/** A month of simulated rows in an engine of its own, the same rows for the same time. */
export async function seededMonth(now: Date): Promise<Source> {
  const scratch = new Scratch();
  await seed(scratch, { until: now, days: DAYS, pollSeconds: POLL_SECONDS, seed: 1 });
  await standIn(scratch, now);
  return {
    engine: scratch,
    name: "a month of simulated rows",
    dashboards: () =>
      Object.fromEntries(
        allDashboards(seededOptions).map(({ fileName, json }) => [fileName, json]),
      ),
    close: () => scratch.close(),
  };
}

/** A running stack's ClickHouse, asked as its reader, and the files that the stack wrote for Grafana. */
export async function runningStack(stack: string): Promise<Source> {
  const outputs = await readOutputs(await openSession(stack, createProgress()));
  const directory = join(checkout, outputs.dashboardsDir);
  const query = async (sql: string) => {
    const response = await trustingFetch(
      `${outputs.clickhouseUrl}/?database=${outputs.database}&default_format=JSONCompact`,
      {
        method: "POST",
        body: sql,
        headers: {
          "X-ClickHouse-User": outputs.readerUser,
          "X-ClickHouse-Key": outputs.readerPassword,
        },
      },
      outputs.clickhouseCa,
    ).catch((error: unknown) => {
      throw new UserError("UNREACHABLE", "ClickHouse does not answer", {
        where: outputs.clickhouseUrl,
        fix: `npm run status -- --stack ${stack}`,
        cause: error,
      });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text.split("\n")[0] ?? `HTTP ${response.status}`);
    return parseResult(text);
  };
  return {
    engine: { query },
    name: `stack ${stack}, ${outputs.source} source`,
    dashboards: () =>
      Object.fromEntries(
        readdirSync(directory)
          .filter((file) => file.endsWith(".json"))
          .sort()
          .map((file) => [file, readFileSync(join(directory, file), "utf8")]),
      ),
    close: () => undefined,
  };
}
