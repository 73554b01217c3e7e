import { z } from "zod";
import { readIfThere, writeWhole } from "./files";
import { paths } from "./paths";
import { UserError } from "./user-error";

/**
 * What this machine keeps for one stack outside version control: choices it found out itself, as config
 * keys, and what belongs to its own passphrase.
 */
const schema = z.object({
  found: z.record(z.string(), z.string()).default({}),
  encryptionsalt: z.string().optional(),
  /** Config set with --secret, encrypted, by full key. */
  secrets: z.record(z.string(), z.object({ secure: z.string() })).default({}),
});

export type Settings = z.infer<typeof schema>;

/** @throws UserError (CONFIG) where the file is damaged. */
export function readSettings(stack: string): Settings {
  const file = paths.settings(stack);
  const text = readIfThere(file);
  if (text === undefined) return { found: {}, secrets: {} };
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError("CONFIG", "the settings found for this stack cannot be read", {
      where: file,
      fix: "delete the file; the next `npm run up` finds them out again",
      cause,
    });
  }
}

export function writeSettings(stack: string, settings: Settings): void {
  writeWhole(paths.settings(stack), `${JSON.stringify(settings, null, 2)}\n`);
}
