import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Progress } from "../../lib/progress";
import { capture } from "../../lib/run";
import { cachePlace, isCached, once } from "../cache";
import { probe } from "../probe";
import type { Cli, Plugin } from "./installed";

/** Where Pulumi's own installer takes releases from. */
const RELEASES = "https://get.pulumi.com/releases/sdk";
const PROBE_TIMEOUT_MS = 3000;
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** Where a release of the CLI is downloaded from. */
export function releaseUrl(
  version: string,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string {
  return `${RELEASES}/pulumi-v${version}-${platform}-${arch}.tar.gz`;
}

/** Whether releases can be had from here. Takes a few seconds at most. */
export async function releasesAnswer(version: string): Promise<boolean> {
  return (await probe(releaseUrl(version), PROBE_TIMEOUT_MS, "HEAD")).status === 200;
}

/** A release that was downloaded before. */
export function downloadedCli(version: string): Cli | undefined {
  const key = keyOf(version);
  if (!isCached("release", key)) return undefined;
  return { pulumi: programOf(cachePlace("release", key)), version };
}

/** Downloads a release with all that comes with it. @throws Error where that fails. */
export async function downloadCli(
  version: string,
  progress: Progress,
  url = releaseUrl(version),
): Promise<Cli> {
  const place = await progress.step(`Pulumi CLI ${version}, download`, () =>
    once("release", keyOf(version), (dir) => download(url, dir)),
  );
  return { pulumi: programOf(place), version };
}

/** Has Pulumi's plugin manager fetch plugins. @throws Error with its words where it cannot. */
export async function installPlugins(
  cli: Cli,
  plugins: readonly Plugin[],
  progress: Progress,
): Promise<void> {
  for (const { name, version } of plugins) {
    await progress.step(`Pulumi's ${name} provider, download`, async () => {
      const args = ["plugin", "install", "resource", name, version];
      const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
      const { code, stderr } = await capture(cli.pulumi, args, {
        env,
        timeoutMs: DOWNLOAD_TIMEOUT_MS,
      });
      if (code !== 0) throw new Error(stderr.trim() || `pulumi plugin install ended with ${code}`);
    });
  }
}

function keyOf(version: string): string {
  return `${version}-${process.platform}-${process.arch}`;
}

function programOf(place: string): string {
  return join(place, "pulumi", "pulumi");
}

async function download(url: string, dir: string): Promise<void> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const signal = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
  const response = await fetch(url, { signal, dispatcher: new EnvHttpProxyAgent() });
  if (!response.ok || !response.body) throw new Error(`${url}: HTTP ${response.status}`);
  const archive = join(dir, "release.tar.gz");
  mkdirSync(dir, { recursive: true });
  await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  const { code, stderr } = await capture("tar", ["-xzf", archive, "-C", dir]);
  if (code !== 0) throw new Error(`the release cannot be unpacked: ${stderr.trim()}`);
  rmSync(archive);
}
