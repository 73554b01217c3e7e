/** What became of a request: its status, or why there is no answer. */
export type Answer = { status: number; body: string } | { status: undefined; reason: string };

/**
 * One request, through the proxy that the environment names, if any. Never rejects.
 * @param timeoutMs of the whole of it, body included.
 */
export async function probe(
  url: string,
  timeoutMs: number,
  method: "GET" | "HEAD" = "GET",
): Promise<Answer> {
  // Loaded here, because most commands ask nothing.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method, signal, dispatcher });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: undefined, reason: reasonOf(error, timeoutMs) };
  } finally {
    void dispatcher.destroy();
  }
}

/** A network failure in few words: the innermost cause says most. */
export function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  return error.cause instanceof Error ? reasonOf(error.cause, timeoutMs) : error.message;
}
