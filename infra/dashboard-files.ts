import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Dashboards from "../dashboards";
import type { BoardOptions, DashboardFile } from "../dashboards";
import { derived, textsBelow } from "./derived";

const requireHere = createRequire(__filename);
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
  // Whatever runs this program may load TypeScript in another way than by require().
  requireHere("tsx/cjs");
  const dashboards = requireHere("../dashboards") as typeof Dashboards;
  const files = dashboards.allDashboards(options);
  keep(files);
  return files;
}
