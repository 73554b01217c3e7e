import { createServer, type ServerResponse } from "node:http";
import { collect, RANGES } from "./collect";
import type { PageData } from "./model/dashboard";
import { pageHtml, type PageAssets } from "./page";
import type { Source } from "./source";
import { FIRST_RANGE } from "./write";

const REFRESH_SECONDS = 10;

export interface ServeArgs {
  source: Source;
  assets: PageAssets;
  /** Loopback port. */
  port: number;
}

/** Shows each dashboard on a page that asks again every few seconds, until the process is interrupted. */
export async function servePages({ source, assets, port }: ServeArgs): Promise<void> {
  const names = () => Object.keys(source.dashboards()).map((file) => file.replace(/\.json$/, ""));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const name = path.slice(1).replace(/\.data$/, "");
    const json = source.dashboards()[`${name}.json`];
    if (json === undefined) {
      const links = names().map((known) => `<li><a href="/${known}">${known}</a>`);
      return end(response, "text/html", `<!doctype html><ul>${links.join("")}</ul>`);
    }
    livePage(source, json).then(
      (data) =>
        path.endsWith(".data")
          ? end(response, "application/json", JSON.stringify(data))
          : end(response, "text/html", pageHtml(data, assets)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  for (const name of names()) process.stdout.write(`http://localhost:${port}/${name}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  server.close();
  server.closeAllConnections();
}

async function livePage(source: Source, json: string): Promise<PageData> {
  const data = await collect({
    engine: source.engine,
    json,
    source: source.name,
    now: new Date(),
    ranges: Object.keys(RANGES),
    range: FIRST_RANGE,
  });
  return { ...data, refreshSeconds: REFRESH_SECONDS };
}

function end(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body);
}
