import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as Dashboards from "../dashboards";
import type { BoardOptions, DashboardFile } from "../dashboards";
import { derived, textsBelow } from "./derived";
import { load } from "./load";

const checkout = join(__dirname, "..");

/**
 * Every dashboard for `options`. Where neither they nor anything they are made from changed since the last
 * time on this machine, they are as they were then, and Grafana's SDK (240 files) is not loaded.
 */
export function dashboardFiles(options: BoardOptions): DashboardFile[] {
  const inputs = [
    options,
    textsBelow(join(checkout, "dashboards")),
    textsBelow(join(checkout, "sql")),
    // Names the version of the SDK.
    readFileSync(join(checkout, "package-lock.json"), "utf8"),
    readFileSync(__filename, "utf8"),
  ];
  const { known, keep } = derived<DashboardFile[]>("dashboards", inputs);
  if (known) return known;
  const dashboards = load<typeof Dashboards>(__filename, "../dashboards");
  const files = dashboards.allDashboards(options);
  keep(files);
  return files;
}
