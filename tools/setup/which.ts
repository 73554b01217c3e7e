import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The program that a shell would run for `name`; undefined where there is none. Starts no process. */
export function which(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const directory of (env["PATH"] ?? "").split(delimiter)) {
    if (directory === "") continue;
    const file = join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
