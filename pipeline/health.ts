import { get } from "node:http";

const TIMEOUT_MS = 3_000;

/** Whether `/healthz` on this machine's `port` answers with 200. */
export function checkHealth(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path: "/healthz", timeout: TIMEOUT_MS });
    request.once("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
    request.once("close", () => resolve(false));
  });
}
