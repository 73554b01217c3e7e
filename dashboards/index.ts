import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { players } from "./players";

/** A dashboard as a file that Grafana reads. */
export interface DashboardFile {
  uid: string;
  fileName: string;
  json: string;
}

/** Every dashboard, the same bytes on every run. */
export function allDashboards(): DashboardFile[] {
  return [players()].map(toFile);
}

function toFile(dashboard: Dashboard): DashboardFile {
  const { uid } = dashboard;
  if (!uid) throw new Error(`The dashboard ${dashboard.title ?? ""} has no uid.`);
  return { uid, fileName: `${uid}.json`, json: `${JSON.stringify(dashboard, null, 2)}\n` };
}
