import { relative, resolve } from "node:path";
import type { Command } from "../lib/command";
import { checkout, localDir } from "../lib/paths";
import { createProgress } from "../lib/progress";
import { exitCodes, UserError } from "../lib/user-error";
import { findChromium } from "../pictures/chromium";
import { RANGES } from "../pictures/collect";
import { writeComparison } from "../pictures/compare";
import { pageAssets } from "../pictures/page";
import { servePages } from "../pictures/serve";
import { runningStack, seededMonth } from "../pictures/source";
import { FIRST_RANGE, writePages } from "../pictures/write";

const PORT = 3999;

export const command: Command = {
  summary: "draws the dashboards without Grafana: npm run dashboards:preview",
  usage: "[options]",
  notes: `Pages are self-contained and open from disk. Without --stack they show a month of simulated rows.`,
  options: {
    stack: { type: "string", value: "NAME", description: "draw what the running stack NAME holds" },
    out: {
      type: "string",
      value: "DIR",
      description: "where to write; by default .steamline/pictures",
    },
    png: { type: "boolean", description: "take pictures too, light and dark, 1280 and 1920 wide" },
    range: {
      type: "string",
      value: Object.keys(RANGES).join("|"),
      description: `the time of the pictures; by default ${FIRST_RANGE}`,
    },
    against: {
      type: "string",
      value: "REF",
      description: "set the dashboards of a commit beside those of today",
    },
    serve: { type: "boolean", description: "show the pages live, refreshing, until interrupted" },
    port: { type: "string", value: "N", description: `where --serve listens; by default ${PORT}` },
  },
  passOn: false,
  async run(args) {
    const range = args.text("range") ?? FIRST_RANGE;
    if (!(range in RANGES)) {
      throw new UserError("USAGE", `--range: ${JSON.stringify(range)} is not known`, {
        fix: `use one of ${Object.keys(RANGES).join(", ")}`,
      });
    }
    const chromium = args.flag("png") ? await findChromium() : undefined;
    const stack = args.text("stack");
    const progress = createProgress();
    const source = await progress.step("getting rows", () =>
      stack === undefined ? seededMonth(new Date()) : runningStack(stack),
    );
    try {
      const assets = await pageAssets();
      if (args.flag("serve")) {
        await servePages({ source, assets, port: args.count("port", PORT) });
        return exitCodes.ok;
      }
      const shared = {
        source,
        assets,
        now: new Date(),
        dashboards: source.dashboards(),
        directory: resolve(args.text("out") ?? resolve(localDir, "pictures")),
        ...(chromium === undefined
          ? {}
          : {
              pictures: {
                chromium,
                range,
                themes: ["dark", "light"] as const,
                widths: [1280, 1920],
              },
            }),
      };
      const against = args.text("against");
      const written = await progress.step("drawing", () =>
        against === undefined ? writePages(shared) : writeComparison(shared, against),
      );
      for (const file of written) process.stdout.write(`${relative(checkout, file)}\n`);
      return exitCodes.ok;
    } finally {
      source.close();
    }
  },
};
