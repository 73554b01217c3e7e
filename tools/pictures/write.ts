import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { takePicture } from "./chromium";
import { collect, RANGES } from "./collect";
import type { Theme } from "./model/colors";
import { pageHtml, type PageAssets } from "./page";
import type { Source } from "./source";

/** The range that a page shows first, as the dashboards do. */
export const FIRST_RANGE = "24h";

export interface WriteArgs {
  source: Source;
  /** JSON by file name. */
  dashboards: Readonly<Record<string, string>>;
  directory: string;
  assets: PageAssets;
  now: Date;
  pictures?: {
    chromium: string;
    themes: readonly Theme[];
    widths: readonly number[];
    range: string;
  };
}

/** Writes a page for each dashboard and, where asked for, pictures of it. @returns what it wrote. */
export async function writePages(args: WriteArgs): Promise<string[]> {
  await mkdir(args.directory, { recursive: true });
  const written: string[] = [];
  for (const [file, json] of Object.entries(args.dashboards)) {
    const data = await collect({
      engine: args.source.engine,
      json,
      source: args.source.name,
      now: args.now,
      ranges: Object.keys(RANGES),
      range: FIRST_RANGE,
    });
    const name = basename(file, ".json");
    const page = join(args.directory, `${name}.html`);
    await writeFile(page, pageHtml(data, args.assets));
    written.push(page);
    for (const theme of args.pictures?.themes ?? []) {
      for (const width of args.pictures?.widths ?? []) {
        const png = join(args.directory, `${name}-${theme}-${width}.png`);
        const { chromium = "", range = FIRST_RANGE } = args.pictures ?? {};
        await takePicture({ chromium, page, png, dashboard: data.dashboard, theme, range, width });
        written.push(png);
      }
    }
  }
  return written;
}
