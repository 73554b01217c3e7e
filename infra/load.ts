import { createRequire } from "node:module";

/**
 * Loads one of the program's modules when it is needed: what only some stacks use would else cost each preview
 * its time.
 * @param from The caller's own `__filename`.
 */
export function load<T>(from: string, path: string): T {
  const requireHere = createRequire(from);
  // Whatever runs this program may load TypeScript in another way than by require().
  requireHere("tsx/cjs");
  return requireHere(path) as T;
}
