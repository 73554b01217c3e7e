import { randomBytes } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";

/** Random bytes in a password: 192 bits, which is 32 characters. */
const PASSWORD_BYTES = 24;

/** A new password of 32 characters that need no quoting anywhere. */
export async function create(inputs: { purpose: string }): Promise<dynamic.CreateResult> {
  const value = randomBytes(PASSWORD_BYTES).toString("base64url");
  return { id: inputs.purpose, outs: { ...inputs, value } };
}

export const provider: dynamic.ResourceProvider<{ purpose: string }> = {
  // It is made once, whatever its purpose is called later.
  diff: async () => ({ changes: false }),
  create,
};
