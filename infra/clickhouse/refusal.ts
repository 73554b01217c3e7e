import { fileName, isOnShard } from "./cluster";
import type { ObjectPlan } from "./plan-object";
import type { Desired } from "./desired";

/** A change that would lose rows, or an object in the way. Nothing was changed. */
export class RefusedError extends Error {
  readonly code = "SQL_CHANGE_REFUSED";
}

/** Why a change is refused, both definitions, and the way out. */
export function refusal(desired: Desired, observed: string, plan: ObjectPlan): RefusedError {
  const reasons = [
    ...plan.destroys.map((loss) => `it destroys ${loss}`),
    ...(plan.table?.beyondAlter ?? []),
  ];
  return new RefusedError(
    [
      `${desired.name} is left as it is, because the change would lose rows or rewrite them under another key:`,
      ...reasons.map((reason) => `  - ${reason}`),
      `  it stands as: ${observed}`,
      `  declared is:  ${desired.definition}`,
      `The way out: take the change back in sql/${fileName(desired.name)}.sql${wayOut(desired, plan)}.`,
    ].join("\n"),
  );
}

function wayOut(desired: Desired, plan: ObjectPlan): string {
  if (isOnShard(desired.name))
    return `; or, as rows of a cluster are not copied by an \`up\`, declare a new table beside it and fill that by INSERT ... SELECT; or allow the loss with \`pulumi config set allowDestroy ${desired.name}\``;
  const rebuild =
    desired.kind === "table" && (plan.table?.beyondAlter.length ?? 0) > 0 && !desired.policy.rebuild
      ? "; or put the line `-- @rebuild` into that file, and the rows are copied into the new form while messages wait in Kafka"
      : "";
  return `${rebuild}; or allow the loss with \`pulumi config set allowDestroy ${desired.name}\``;
}

/** Why an object that stands, and is not the stack's, is left alone. */
export function inTheWay(desired: Desired, observed: string, plan: ObjectPlan): RefusedError {
  const fits = plan.label === "none";
  return new RefusedError(
    [
      `${desired.name} exists already and was not made by this stack; it is not touched.`,
      ...(fits ? [] : plan.changes.map(({ text }) => `  ${text}`)),
      `  it stands as: ${observed}`,
      `  declared is:  ${desired.definition}`,
      fits
        ? `The way out: put the line \`-- @adopt\` into sql/${fileName(desired.name)}.sql, and it becomes the stack's as it is.`
        : `The way out: declare it in sql/${fileName(desired.name)}.sql as it stands, with the line \`-- @adopt\`; or rename one of the two.`,
    ].join("\n"),
  );
}

/** Why an object whose file is gone is not dropped. */
export function notDropped(name: string, held: { rows: number; size: string }): RefusedError {
  return new RefusedError(
    `${name} is not dropped, because it holds ${held.rows} rows (${held.size}). ` +
      `To keep them, bring sql/${fileName(name)}.sql back. To destroy them, ` +
      `run \`pulumi config set allowDestroy ${name}\` and then \`up\` again.`,
  );
}
