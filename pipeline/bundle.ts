import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildSync } from "esbuild";

const sourceDir = __dirname;
const checkout = join(sourceDir, "..");
const lockFile = join(checkout, "package-lock.json");
/** Programs of the codecs, which their packages load from beside themselves. */
const assets = ["@bokuweb/zstd-wasm", "lz4-wasm-nodejs"].map((name) => {
  const directory = dirname(require.resolve(name));
  const file = readdirSync(directory).find((entry) => entry.endsWith(".wasm"));
  return join(directory, file ?? "");
});
const entries = { producer: "main.ts", simulator: "simulator/main.ts" };

/** A directory to build the producer's image from, and the hash of all that goes into it. */
export interface StagedImage {
  contextDir: string;
  contentHash: string;
}

/**
 * Bundles the producer and the simulator, with all they import, into a directory below `outDir` that is named
 * after their content. What is there already is not made again, and is there whole or not at all.
 */
export function stageProducerImage(outDir: string): StagedImage {
  const contentHash = hashOfSources();
  const contextDir = join(outDir, `producer-${contentHash}`);
  if (existsSync(contextDir)) return { contextDir, contentHash };

  const { outputFiles } = buildSync({
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, join(sourceDir, entry)]),
    ),
    outdir: contextDir,
    // The bundle names its files from here, so it is the same wherever the program is run.
    absWorkingDir: checkout,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    legalComments: "none",
  });
  const making = `${contextDir}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  for (const file of outputFiles)
    writeFileSync(file.path.replace(contextDir, making), file.contents);
  for (const asset of assets) copyFileSync(asset, join(making, basename(asset)));
  writeFileSync(join(making, "Dockerfile"), readFileSync(join(sourceDir, "Dockerfile")));
  try {
    renameSync(making, contextDir);
  } catch (error) {
    // Another run was quicker, with the same content.
    rmSync(making, { recursive: true });
    if (!existsSync(contextDir)) throw error;
  }
  return { contextDir, contentHash };
}

function hashOfSources(): string {
  const hash = createHash("sha256").update(readFileSync(lockFile));
  const files = readdirSync(sourceDir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(sourceDir.length)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
