import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkout } from "../lib/paths";

const schema = z.object({
  pulumi: z.object({
    cli: z.string(),
    oldestCli: z.string(),
    docker: z.string(),
    kafka: z.string(),
    go: z.string(),
  }),
});

/** Versions of what set-up brings along, without a `v` in front. */
export type ToolVersions = z.infer<typeof schema>["pulumi"];

export function toolVersions(): ToolVersions {
  const text = readFileSync(join(checkout, "infra", "images", "versions.json"), "utf8");
  return schema.parse(JSON.parse(text)).pulumi;
}

/** The first version in what a program prints (`v3.259.0-alpha+1`, `go version go1.26.8 linux/amd64`). */
export function findVersion(text: string): string | undefined {
  return /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0];
}

/** Whether `version` is `oldest` or newer, part by part; absent parts count as 0. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [found, wanted] = [version, oldest].map((text) => text.split(".").map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (found?.[i] ?? 0) - (wanted?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
