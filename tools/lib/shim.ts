import { chmodSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./files";
import { checkout, paths } from "./paths";
import { shellQuote } from "./shell";

/** Puts a `pulumi` into `.steamline/bin` that reads this checkout's merged config. */
export function writeShim(): void {
  const file = join(paths.bin, "pulumi");
  const start = join(checkout, "tools", "start.cjs");
  writeWhole(file, `#!/bin/sh\nexec node ${shellQuote(start)} pulumi "$@"\n`, 0o755);
  chmodSync(file, 0o755);
}
