import type { ObjectPlan } from "./plan-object";

/** A plan as the preview shows it: what changes, how, and what it costs. */
export function planWords(name: string, plan: ObjectPlan, costs: string): string {
  if (plan.label === "none") return `${name}: none. The engine has it so already.`;
  const label = labelWords(plan);
  const more = (plan.table?.beyondAlter ?? []).filter(
    (why) => !plan.changes.some(({ text }) => text === why),
  );
  return [
    `${name}: ${label}`,
    ...plan.changes.map(({ text }) => `  ${text}`),
    ...more.map((why) => `  ! ${why}`),
    `  pause of consumption: ${plan.pause}; ${costs}`,
  ].join("\n");
}

/** A loss that the warehouse could not be asked about may come to nothing, and is refused if it does not. */
function labelWords({ label, destroys, table }: ObjectPlan): string {
  if (label === "destroys rows") return `destroys ${destroys.join("; ")}`;
  if (label !== "refused") return label;
  const losses = destroys.length > 0 ? destroys : (table?.beyondAlter ?? []);
  return `refused, unless nothing is lost by it: ${losses.join("; ")}`;
}
