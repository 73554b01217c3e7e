import { basename, join } from "node:path";
import { buildSync } from "esbuild";
import { programs } from "./programs";

const checkout = join(__dirname, "..", "..", "..");

export interface DoorBundle {
  /** Each program's file, by name. */
  files: { name: string; text: string }[];
  /** Every source that went into them, relative to the checkout. */
  inputs: string[];
}

/**
 * Bundles each directory's `main.ts` with all it imports into a program of the directory's name. Only the
 * engine's library stays outside: the image has it in `node_modules/@chdb` beside them.
 */
export function bundleDoor(): DoorBundle {
  const built = buildSync({
    entryPoints: programs(),
    outdir: join(checkout, ".steamline", "build", "door"),
    absWorkingDir: checkout,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    logLevel: "silent",
    metafile: true,
    legalComments: "none",
    // Its ES module only hands on to this one, in a way that a bundler cannot follow.
    alias: { chdb: "./node_modules/chdb/index.js" },
    // Asked for by parts of chdb that write TypeScript or read Arrow, which the door does not use.
    external: ["@chdb/*", "apache-arrow", "typescript", "source-map-support"],
  });
  return {
    files: built.outputFiles.map((file) => ({ name: basename(file.path), text: file.text })),
    inputs: Object.keys(built.metafile.inputs).sort(),
  };
}
