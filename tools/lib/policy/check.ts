import type { Preview } from "../markdown";
import { loopbackPorts, memoryLimits } from "./containers";
import { imageDigests, pinnedImages } from "./images";
import { kafkaClients } from "./kafka-clients";
import { protectedData, replication } from "./production";
import type { PolicyContext, Rule, Subject, Violation } from "./rule";
import { hiddenSecrets } from "./secrets";

/** All rules, in the order in which they are told. */
export const rules: readonly Rule[] = [
  loopbackPorts,
  pinnedImages,
  memoryLimits,
  hiddenSecrets,
  replication,
  protectedData,
  kafkaClients,
  imageDigests,
];

/** Steps after which the resource is no more, or which say again what another step says. */
const GONE = new Set(["delete", "delete-replaced", "discard-replaced", "remove-pending-replace"]);

/** The resources that there will be, each once, and the stack's config, which is looked at like one. */
export function subjectsOf(preview: Preview): Subject[] {
  const found = new Map<string, Subject>();
  for (const { op, urn, newState } of preview.steps ?? []) {
    if (GONE.has(op) || !newState) continue;
    const { type = "", protect, inputs } = newState;
    found.set(urn, {
      name: urn.split("::").at(-1) ?? urn,
      type,
      protect: protect === true,
      inputs: inputs ?? {},
    });
  }
  const config = { name: "config", type: "steamline:config", protect: false };
  return [{ ...config, inputs: preview.config ?? {} }, ...found.values()];
}

/** What of `subjects` the rules do not allow. Those for production are left out elsewhere. */
export function checkPolicy(subjects: readonly Subject[], context: PolicyContext): Violation[] {
  return rules
    .filter(({ productionOnly }) => context.production || !productionOnly)
    .flatMap((rule) =>
      rule.check(subjects, context).map(({ subject, where, value, fix }) => ({
        rule: rule.name,
        level: rule.level,
        resource: subject.name,
        type: subject.type,
        where,
        value,
        fix,
      })),
    );
}

/** Whether `violations` leave the preview a failed one. */
export function isRefused(violations: readonly Violation[]): boolean {
  return violations.some(({ level }) => level === "mandatory");
}
