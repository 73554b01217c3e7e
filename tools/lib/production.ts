import { createRequire } from "node:module";
import type * as Policy from "./policy";
import type { Session } from "./session";

/** Whether the rules for production apply to `stack`: it is `prod`, or its name begins with `prod-`. */
export const isProduction = (stack: string) => /^prod(-|$)/.test(stack);

/**
 * Refuses to deploy a production stack against a mandatory rule, before anything changes. Others are let through.
 * @param rest Options of `pulumi up`; config among them is looked at as well.
 * @throws UserError (POLICY) with every violation.
 */
export async function enforcePolicy(session: Session, rest: readonly string[]): Promise<void> {
  if (!isProduction(session.stack)) return;
  // Loaded where it is needed, as every other `up` does without.
  const { refuseAgainstPolicy } = createRequire(__filename)("./policy") as typeof Policy;
  await refuseAgainstPolicy(session, rest);
}
