import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { overServers } from "../infra/clickhouse/over-servers";
import type { BoardOptions } from "./board";
import { game } from "./game";
import { pipeline } from "./pipeline";
import { players } from "./players";

export type { BoardOptions } from "./board";

/** A dashboard as a file that Grafana reads. */
export interface DashboardFile {
  uid: string;
  fileName: string;
  json: string;
}

/** What a stack has that changes nothing in its config. */
export const defaultOptions: BoardOptions = {
  source: "steam",
  pollIntervalSeconds: 60,
  detailsIntervalSeconds: 21_600,
};

/** Every dashboard, the same bytes on every run with the same options. */
export function allDashboards(options: BoardOptions = defaultOptions): DashboardFile[] {
  return [players(options), game(options), pipeline(options)].map((one) => toFile(one, options));
}

function toFile(dashboard: Dashboard, { clickhouseCluster }: BoardOptions): DashboardFile {
  const { uid } = dashboard;
  if (!uid) throw new Error(`The dashboard ${dashboard.title ?? ""} has no uid.`);
  const asked = (key: string, value: unknown) =>
    clickhouseCluster && key === "rawSql" ? overServers(String(value)) : value;
  return { uid, fileName: `${uid}.json`, json: `${JSON.stringify(dashboard, asked, 2)}\n` };
}
