import { createColors } from "picocolors";
import { alignTable } from "../table";
import type { Status } from "./evaluate";

/** The hops as a table for people, with what to do below each that is not healthy. */
export function renderStatus(status: Status, colour: boolean): string {
  const colors = createColors(colour);
  const rows = alignTable(
    status.hops.map(({ name, healthy, detail }) => [healthy ? "ok" : "NOT OK", name, detail]),
  );
  const lines = status.hops.flatMap((hop, i) => {
    const row = rows[i] ?? "";
    if (hop.healthy) return [row.replace(/^ok/, colors.green("ok"))];
    return [
      row.replace(/^NOT OK/, colors.red("NOT OK")),
      ...(hop.fix ? [`        do: ${hop.fix}`] : []),
    ];
  });
  const ill = status.hops.filter((hop) => !hop.healthy).length;
  const verdict =
    ill === 0
      ? colors.green("all hops healthy")
      : colors.red(`${ill} of ${status.hops.length} hops not healthy`);
  return [`stack ${status.stack}: ${verdict}`, ...lines].join("\n");
}
