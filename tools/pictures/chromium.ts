import { rm } from "node:fs/promises";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { capture } from "../lib/run";
import { UserError } from "../lib/user-error";
import type { Theme } from "./model/colors";
import type { Dashboard } from "./model/dashboard";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const HEADER_PX = 56;
const ROW_PX = 38;
const TIMEOUT_MS = 60_000;

/** The browser that takes pictures. @throws UserError (INSTALL) where there is none. */
export async function findChromium(): Promise<string> {
  const candidates = [process.env["CHROMIUM"] ?? [], PROGRAMS].flat();
  for (const program of candidates) {
    if ((await capture(program, ["--version"])).code === 0) return program;
  }
  throw new UserError("INSTALL", "there is no Chromium to take pictures with", {
    fix: "apt-get install chromium, or name one by the environment variable CHROMIUM",
  });
}

export interface PictureArgs {
  chromium: string;
  page: string;
  png: string;
  dashboard: Dashboard;
  theme: Theme;
  range: string;
  /** Width in pixels; the height is the dashboard's. */
  width: number;
}

/** Takes a picture of a whole page. @throws UserError (INSTALL) with what the browser says where it fails. */
export async function takePicture(args: PictureArgs): Promise<void> {
  const rows = Math.max(...args.dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const profile = mkdtempSync(join(tmpdir(), "steamline-chromium-"));
  try {
    const finished = await capture(
      args.chromium,
      [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        `--user-data-dir=${profile}`,
        `--window-size=${args.width},${HEADER_PX + rows * ROW_PX + 8}`,
        "--virtual-time-budget=2000",
        `--screenshot=${args.png}`,
        `${pathToFileURL(args.page).href}#theme=${args.theme}&range=${args.range}`,
      ],
      { timeoutMs: TIMEOUT_MS },
    );
    if (finished.code === 0) return;
    throw new UserError("INSTALL", "Chromium took no picture", {
      where: args.page,
      fix: finished.stderr.trim().split("\n").at(-1) ?? "try another Chromium",
    });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
