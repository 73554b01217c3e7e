import { existsSync } from "node:fs";
import { z } from "zod";
import { stateFile } from "./backend";
import { readIfThere } from "./files";
import { capture } from "./run";
import type { Session } from "./session";
import { UserError } from "./user-error";

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  /** URN and id of the provider that made it. */
  provider: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

const deployment = z.looseObject({
  resources: z.array(resource).nullish(),
  pending_operations: z.array(z.object({ resource, type: z.string() })).nullish(),
});

export type Deployment = z.infer<typeof deployment>;
export type StateResource = z.infer<typeof resource>;

/** What Pulumi believes of the stack; undefined where the stack has never been deployed. Secrets stay encrypted. */
export async function readState(session: Session): Promise<Deployment | undefined> {
  const file = stateFile(session.backend, session.stack);
  const text = file && readIfThere(file);
  if (text) {
    const stored = z
      .object({ checkpoint: z.object({ latest: deployment.nullish() }) })
      .parse(JSON.parse(text));
    return stored.checkpoint.latest ?? undefined;
  }
  // A compressed checkpoint is Pulumi's to read.
  if (file && !existsSync(`${file}.gz`)) return undefined;
  const exported = await capture(session.toolchain.pulumi, ["stack", "export"], {
    env: session.env,
  });
  if (exported.code !== 0) return undefined;
  return z.object({ deployment }).parse(JSON.parse(exported.stdout)).deployment;
}

/**
 * Forgets operations that a killed run left unfinished. What they made is looked at by whoever calls this.
 * @throws UserError (BACKEND) where state cannot be written.
 */
export async function forgetPending(session: Session): Promise<void> {
  const { pulumi } = session.toolchain;
  const exported = await capture(pulumi, ["stack", "export"], { env: session.env });
  const state = JSON.parse(exported.stdout) as { deployment: { pending_operations?: unknown } };
  delete state.deployment.pending_operations;
  const imported = await capture(pulumi, ["stack", "import"], {
    env: session.env,
    input: JSON.stringify(state),
  });
  if (imported.code !== 0) {
    throw new UserError("BACKEND", `state could not be mended: ${imported.stderr.trim()}`, {
      where: session.backend.url,
      fix: "npm run pulumi -- refresh",
    });
  }
}
