import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import type * as Bundler from "../../../infra/images/clickhouse/bundle";
import { programs } from "../../../infra/images/clickhouse/programs";
import { readIfThere, writeWhole } from "../../lib/files";
import { checkout } from "../../lib/paths";
import { digest } from "./content";

type DoorBundle = Bundler.DoorBundle;
const requireHere = createRequire(__filename);

const recorded = z.object({
  programs: z.string(),
  inputs: z.record(z.string(), z.string()),
  digest: z.string(),
});

/** Sources that say how the bundle is made. */
const makers = [
  "infra/images/clickhouse/bundle.ts",
  "infra/images/clickhouse/programs.ts",
  "node_modules/esbuild/package.json",
];

/**
 * Digest of what the programs of ClickHouse's image bundle into. The image depends on nothing else of
 * the checkout, so an unrelated edit leaves it alone. Bundles only where a source changed since
 * `recordFile` was written.
 */
export async function doorDigest(
  recordFile: string,
  bundle: () => DoorBundle | Promise<DoorBundle> = bundleNow,
): Promise<string> {
  const names = Object.keys(programs()).join();
  const known = readRecord(recordFile);
  if (known?.programs === names && isUnchanged(known.inputs)) return known.digest;
  const { files, inputs } = await bundle();
  const whole = digest(...files.flatMap(({ name, text }) => [name, text]));
  const seen = [...makers, ...inputs].map((file) => [file, digestOf(file)]);
  const record = { programs: names, inputs: Object.fromEntries(seen) as unknown, digest: whole };
  writeWhole(recordFile, JSON.stringify(record));
  return whole;
}

/** The bundler is loaded only where it is needed: that takes longer than all else here. */
export function bundleNow(): DoorBundle {
  return (requireHere("../../../infra/images/clickhouse/bundle") as typeof Bundler).bundleDoor();
}

function isUnchanged(inputs: Readonly<Record<string, string>>): boolean {
  return Object.entries(inputs).every(([file, was]) => digestOf(file) === was);
}

function digestOf(file: string): string | undefined {
  try {
    return digest(readFileSync(join(checkout, file)));
  } catch {
    return undefined;
  }
}

function readRecord(file: string): z.infer<typeof recorded> | undefined {
  try {
    return recorded.parse(JSON.parse(readIfThere(file) ?? "null"));
  } catch {
    return undefined;
  }
}
