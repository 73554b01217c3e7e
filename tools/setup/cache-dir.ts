import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where everything built or downloaded is kept, outside the checkout: STEAMLINE_CACHE, else `steamline`
 * in XDG_CACHE_HOME, else `~/.cache/steamline`.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env["STEAMLINE_CACHE"]) return env["STEAMLINE_CACHE"];
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "steamline");
}
