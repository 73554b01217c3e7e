import { trustingFetch } from "../../infra/clickhouse/trusting-fetch";
import type { Outputs } from "./outputs";

const TIMEOUT_MS = 5000;

/** What is needed to ask a stack's ClickHouse. */
export type Warehouse = Pick<
  Outputs,
  | "clickhouseUrl"
  | "clickhouseCa"
  | "database"
  | "adminUser"
  | "adminPassword"
  | "readerUser"
  | "readerPassword"
>;

/** Rows of `sql` as objects, asked over HTTP as one of the stack's accounts. @throws Error with ClickHouse's words. */
export async function ask<T>(
  outputs: Warehouse,
  sql: string,
  account: "admin" | "reader" = "reader",
  timeoutMs = TIMEOUT_MS,
): Promise<T[]> {
  const response = await trustingFetch(
    `${outputs.clickhouseUrl}/?database=${outputs.database}&default_format=JSONEachRow`,
    {
      method: "POST",
      body: sql,
      headers: {
        "X-ClickHouse-User": outputs[`${account}User`],
        "X-ClickHouse-Key": outputs[`${account}Password`],
      },
      signal: AbortSignal.timeout(timeoutMs),
    },
    outputs.clickhouseCa,
  );
  const text = await response.text();
  if (!response.ok) throw new Error(text.split("\n")[0] ?? `HTTP ${response.status}`);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

/** Why a request failed, in a few words. @param timeoutMs that it was given */
export function reason(error: unknown, timeoutMs = TIMEOUT_MS): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  return cause?.code ?? cause?.message ?? error.message;
}
