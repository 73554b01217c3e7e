import { request } from "node:http";

/** For a container's health check: ends the process with 0 if the local server answers `path` with 200, else with 1. */
export function checkHealth(port: number, path: string): void {
  const asked = request({ port, path, timeout: 2_000 }, (response) => {
    response.resume();
    process.exit(response.statusCode === 200 ? 0 : 1);
  });
  asked.on("timeout", () => process.exit(1));
  asked.on("error", () => process.exit(1));
  asked.end();
}
