import type { ObjectPlan } from "./plan-object";

/** A plan as the preview shows it: what changes, how, and what it costs. */
export function planWords(name: string, plan: ObjectPlan, costs: string): string {
  if (plan.label === "none") return `${name}: none. The engine has it so already.`;
  const label =
    plan.label === "destroys rows" ? `destroys ${plan.destroys.join("; ")}` : plan.label;
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
