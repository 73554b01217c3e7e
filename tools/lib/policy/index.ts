import type { Preview } from "../markdown";
import { previewAsData } from "../preview-json";
import type { Session } from "../session";
import { UserError } from "../user-error";
import { isProduction } from "../production";
import { checkPolicy, isRefused, subjectsOf } from "./check";
import { knownSecrets } from "./known-secrets";
import { renderPolicy } from "./render";
import type { Violation } from "./rule";

export interface PolicyRun {
  preview: Preview;
  violations: Violation[];
  /** Pulumi itself ended with a failure, so that not everything was looked at. */
  failed: boolean;
  /** Pulumi's exit code; 1 where a mandatory rule is not kept. */
  code: number;
}

/** Previews the session's stack and holds what it would become against the rules. Nothing is changed. */
export async function previewWithPolicy(
  session: Session,
  rest: readonly string[] = [],
): Promise<PolicyRun> {
  const [{ preview, code }, secrets] = await Promise.all([
    previewAsData(session, rest),
    knownSecrets(session),
  ]);
  const { stack } = session;
  const context = { stack, production: isProduction(stack), secrets };
  const violations = checkPolicy(subjectsOf(preview), context);
  return {
    preview,
    violations,
    failed: code !== 0,
    code: code === 0 && isRefused(violations) ? 1 : code,
  };
}

/**
 * Previews what `pulumi up` would do with these options.
 * @throws UserError (POLICY) with every violation where one is against a mandatory rule.
 */
export async function refuseAgainstPolicy(
  session: Session,
  rest: readonly string[],
): Promise<void> {
  const { violations } = await session.progress.step("policy", () =>
    previewWithPolicy(session, configOptions(rest)),
  );
  if (!isRefused(violations)) return;
  throw new UserError(
    "POLICY",
    `${session.stack} may not be deployed like this, and nothing was changed\n${renderPolicy(session.stack, violations)}`,
    { fix: "mend what is named; npm run preview -- --policy shows it again" },
  );
}

/** The options among `rest` that set config, with their values. */
export function configOptions(rest: readonly string[]): string[] {
  return rest.flatMap((option, i) => {
    if (/^(--config|-c)=|^--config-path$/.test(option)) return [option];
    return option === "--config" || option === "-c" ? [option, rest[i + 1] ?? ""] : [];
  });
}
