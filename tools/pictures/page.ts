import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { PageData } from "./model/dashboard";

const browserDir = join(__dirname, "browser");

/** The page's own code and style. */
export interface PageAssets {
  script: string;
  style: string;
}

/** Bundles what draws a page. Charts come with it, so that a page needs nothing else. */
export async function pageAssets(): Promise<PageAssets> {
  const built = await build({
    entryPoints: [join(browserDir, "main.ts")],
    bundle: true,
    minify: true,
    write: false,
    platform: "browser",
    target: "es2022",
    legalComments: "inline",
    logLevel: "silent",
  });
  const script = built.outputFiles[0]?.text ?? "";
  return { script, style: readFileSync(join(browserDir, "page.css"), "utf8") };
}

/** One self-contained page, which opens from disk. */
export function pageHtml(data: PageData, { script, style }: PageAssets): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${data.dashboard.title}</title>
<style>${style}</style>
<body>
<script type="application/json" id="data">${inScript(JSON.stringify(data))}</script>
<script>${inScript(script)}</script>
</body>
</html>
`;
}

/** Text that no closing tag within ends early. */
function inScript(text: string): string {
  return text.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
}
