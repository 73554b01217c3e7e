import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DashboardFile } from "../../dashboards";
import { checkout } from "../lib/paths";
import { capture } from "../lib/run";
import { UserError } from "../lib/user-error";
import { seededOptions } from "./source";
import { writePages, type WriteArgs } from "./write";

/** Writes pages of today's dashboards beside those of the commit `ref`, on the same rows, and a page that shows both. */
export async function writeComparison(args: WriteArgs, ref: string): Promise<string[]> {
  const before = await dashboardsOf(ref);
  const draw = (dashboards: Record<string, string>, name: string) =>
    writePages({ ...args, dashboards, directory: join(args.directory, name) });
  const written = [
    ...(await draw(before, "before")),
    ...(await draw({ ...args.dashboards }, "after")),
  ];
  const index = join(args.directory, "index.html");
  const files = [...new Set([...Object.keys(before), ...Object.keys(args.dashboards)])];
  const rows = files.map((file) => {
    const changed = before[file] !== args.dashboards[file];
    const cell = (side: string, there: boolean) =>
      there ? shown(args, side, basename(file, ".json")) : "<p>not there</p>";
    return `<h2>${file}${changed ? "" : " (unchanged)"}</h2><div>${cell("before", file in before)}${cell("after", file in args.dashboards)}</div>`;
  });
  await writeFile(index, comparisonHtml(ref, rows));
  return [index, ...written];
}

function shown({ pictures }: WriteArgs, side: string, name: string): string {
  const page = `${side}/${name}.html`;
  const [theme] = pictures?.themes ?? [];
  const [width] = pictures?.widths ?? [];
  return theme && width
    ? `<a href="${page}"><img src="${side}/${name}-${theme}-${width}.png" alt="${side}"></a>`
    : `<iframe src="${page}" title="${side}"></iframe>`;
}

function comparisonHtml(ref: string, rows: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Dashboards against ${escape(ref)}</title>
<style>
body { font: 14px sans-serif; margin: 16px; background: #111217; color: #ccccdc; }
div { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; align-items: start; }
img, iframe { width: 100%; border: 1px solid #25282e; }
iframe { height: 90vh; }
</style>
<h1>${escape(ref)} on the left, today on the right</h1>
${rows.join("\n")}
</html>
`;
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** The dashboards that the code of `ref` makes; none where it has no dashboards. */
async function dashboardsOf(ref: string): Promise<Record<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), "steamline-against-"));
  try {
    const unpacked = await capture("sh", [
      "-c",
      'git -C "$1" archive "$2" | tar -x -C "$3"',
      "sh",
      checkout,
      ref,
      directory,
    ]);
    if (unpacked.stderr !== "" || unpacked.code !== 0) {
      throw new UserError("USAGE", `--against: there is no commit ${ref} here`, {
        fix: "git fetch it, or name another",
      });
    }
    await symlink(join(checkout, "node_modules"), join(directory, "node_modules"));
    const program = `process.stdout.write(JSON.stringify(require("./dashboards").allDashboards(${JSON.stringify(seededOptions)})))`;
    const built = await capture(process.execPath, ["--require", "tsx/cjs", "-e", program], {
      cwd: directory,
    });
    if (built.code !== 0) {
      process.stderr.write(
        `${ref} makes no dashboards: ${built.stderr.trim().split("\n").at(-1) ?? ""}\n`,
      );
      return {};
    }
    const files = JSON.parse(built.stdout) as DashboardFile[];
    return Object.fromEntries(files.map(({ fileName, json }) => [fileName, json]));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
