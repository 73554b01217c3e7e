import { quoteString } from "../../../infra/clickhouse/render";
import type { Audit } from "./audit";
import { isWhole } from "./audit";
import { findingsOf } from "./findings";
import { sumsOf } from "./sums";
import type { Ask } from "./target";

/** Writes what was found where alerts and panels read it. */
export async function recordAudit(ask: Ask, found: Audit): Promise<void> {
  const rows = found.streams.map((stream) => {
    const sums = sumsOf(stream);
    const withoutRow = Object.values(sums.withoutRow).reduce((total, one) => total + one, 0);
    const { missingRows, repeatedRows } = stream.rows;
    const figures = [
      ...[sums.stored, sums.refused, withoutRow, sums.expired, sums.waiting, sums.lost, sums.again],
      ...[missingRows, repeatedRows, sums.lostLetters],
    ];
    const findings = findingsOf(stream).map(quoteString).join(", ");
    return `(parseDateTimeBestEffort(${quoteString(found.checkedAt)}), ${quoteString(stream.stream.topic)}, ${isWhole(stream)}, ${figures.join(", ")}, [${findings}])`;
  });
  await ask(`INSERT INTO steam_audits VALUES ${rows.join(", ")}`);
}
