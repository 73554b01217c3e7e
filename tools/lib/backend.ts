import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { checkout, paths, projectName } from "./paths";
import { UserError } from "./user-error";

/** Where Pulumi keeps state. */
export interface Backend {
  url: string;
  /** The `.pulumi` directory of a backend of files; undefined for any other. */
  directory: string | undefined;
}

/**
 * State as files inside the checkout. Pulumi would write a second file of metadata beside each, and not in one
 * go: a run that is killed, or that is read meanwhile, leaves it empty, and then the state cannot be loaded.
 */
const ownUrl = () => `${pathToFileURL(paths.state).href}?metadata=skip`;

/** The backend that PULUMI_BACKEND_URL names, else files inside the checkout. */
export function findBackend(env: NodeJS.ProcessEnv): Backend {
  const given = env["PULUMI_BACKEND_URL"];
  if (!given) return { url: ownUrl(), directory: join(paths.state, ".pulumi") };
  if (!given.startsWith("file://")) return { url: given, directory: undefined };
  return { url: given, directory: join(fileBackendRoot(given, env), ".pulumi") };
}

function fileBackendRoot(url: string, env: NodeJS.ProcessEnv): string {
  const place = url.slice("file://".length).replace(/\?.*$/, "");
  if (place.startsWith("~")) return join(env["HOME"] ?? "/", place.slice(1));
  return place.startsWith("/") ? fileURLToPath(`file://${place}`) : join(checkout, place);
}

/** Directories of the local backend have to be there before Pulumi looks at them. */
export function prepareBackend(backend: Backend): void {
  if (backend.url === ownUrl()) mkdirSync(paths.state, { recursive: true, mode: 0o700 });
}

export function stateFile(backend: Backend, stack: string): string | undefined {
  return backend.directory && join(backend.directory, "stacks", projectName(), `${stack}.json`);
}

export function lockDirectory(backend: Backend, stack: string): string | undefined {
  return (
    backend.directory && join(backend.directory, "locks", "organization", projectName(), stack)
  );
}

/**
 * Names the passphrase's file for Pulumi, and makes it on first use. A passphrase in the environment wins.
 * @throws UserError (PASSPHRASE) where state stands encrypted with a passphrase that is gone.
 */
export function passphraseEnv(env: NodeJS.ProcessEnv, backend: Backend): NodeJS.ProcessEnv {
  if (env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || env["PULUMI_CONFIG_PASSPHRASE_FILE"])
    return {};
  if (!existsSync(paths.passphrase)) {
    refuseLostPassphrase(backend);
    mkdirSync(join(paths.passphrase, ".."), { recursive: true });
    try {
      writeFileSync(paths.passphrase, `${randomBytes(32).toString("base64url")}\n`, {
        mode: 0o600,
        flag: "wx",
      });
    } catch (error) {
      // Two commands may start at once; the one that came first made it.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase };
}

function refuseLostPassphrase(backend: Backend): void {
  const stacks = backend.directory && join(backend.directory, "stacks", projectName());
  if (
    !stacks ||
    !existsSync(stacks) ||
    readdirSync(stacks).every((file) => !file.endsWith(".json"))
  )
    return;
  throw new UserError(
    "PASSPHRASE",
    "the passphrase is gone, but there are stacks encrypted with it",
    {
      where: `${paths.passphrase}; state in ${backend.url}`,
      fix: "restore the file, or set PULUMI_CONFIG_PASSPHRASE to the passphrase it held",
    },
  );
}
