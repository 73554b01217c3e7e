import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Source of each program of the image, by its name: the `main.ts` of the directory so named. */
export function programs(): Record<string, string> {
  const found = readdirSync(__dirname)
    .map((name) => [name, join(__dirname, name, "main.ts")] as const)
    .filter(([, main]) => existsSync(main));
  return Object.fromEntries(found);
}
