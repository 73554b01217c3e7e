import { createRequire } from "node:module";
import type * as Undici from "undici";

/** What of an answer is asked. */
type Answer = Pick<Response, "ok" | "status" | "text">;

interface Request {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** As `fetch`. @param ca Certificates (PEM) of who signed the server's. @default the well-known authorities */
export async function trustingFetch(
  url: string,
  request: Request,
  ca: string | undefined,
): Promise<Answer> {
  if (ca === undefined) return fetch(url, request);
  // The global one takes an agent of its own version of the library only.
  const { Agent, fetch: other } = createRequire(__filename)("undici") as typeof Undici;
  const dispatcher = new Agent({ connect: { ca }, pipelining: 0, keepAliveTimeout: 1 });
  const answer = await other(url, { ...request, dispatcher });
  const text = await answer.text();
  await dispatcher.close();
  return { ok: answer.ok, status: answer.status, text: async () => text };
}
