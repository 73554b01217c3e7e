import { z } from "zod";
import { checkout } from "../paths";
import { capture } from "../run";
import type { Session } from "../session";
import { writeMerged } from "../stack-config";

/** By which Pulumi marks a secret in an exported state. */
const MARK = "4dabf18193072939515e22adb298388d";
const config = z.record(
  z.string(),
  z.looseObject({ secret: z.boolean().optional(), value: z.string().optional() }),
);

/**
 * The secrets of the stack in clear: those of its config, and those that its state has as a text of their own.
 * None of a stack that has not been deployed, and of a state that cannot be decrypted here.
 */
export async function knownSecrets(session: Session): Promise<string[]> {
  const { file } = writeMerged(session.stack);
  const [state, settings] = await Promise.all([
    json(session, ["stack", "export", "--show-secrets"]),
    json(session, ["config", "--json", "--show-secrets", "--config-file", file]),
  ]);
  const configured = config.safeParse(settings);
  const set = configured.success
    ? Object.values(configured.data).flatMap(({ secret, value }) =>
        secret && value ? [value] : [],
      )
    : [];
  return [...new Set([...set, ...secretTexts(state)])];
}

async function json(session: Session, args: readonly string[]): Promise<unknown> {
  const finished = await capture(session.toolchain.pulumi, args, {
    cwd: checkout,
    env: session.env,
  });
  return finished.code === 0 ? (JSON.parse(finished.stdout) as unknown) : undefined;
}

/** Secrets that are a text by themselves. One that is an object has harmless parts as well. */
export function secretTexts(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { [MARK]: marked, plaintext } = value as Record<string, unknown>;
  if (marked !== undefined && typeof plaintext === "string") {
    const secret: unknown = JSON.parse(plaintext);
    return typeof secret === "string" ? [secret] : [];
  }
  return Object.values(value).flatMap(secretTexts);
}
