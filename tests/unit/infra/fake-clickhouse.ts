import type { Connection } from "../../../infra/clickhouse/client";
import { serve } from "../pipeline/listen";

/** Rows, or the words of a refusal, for a statement. */
type Answer = (sql: string) => readonly object[] | string | undefined;

/** A server that takes every statement, answers as it is told, and remembers what it was asked. */
export async function fakeClickHouse(
  answer: Answer = () => undefined,
): Promise<{ connection: Connection; asked: string[] }> {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    if (request.url === "/ping") return void response.end("Ok.\n");
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      const sql = body
        .replace(/\s*FORMAT JSONEachRow\s*$/, "")
        .replace(/\s+/g, " ")
        .trim();
      asked.push(sql);
      const found = answer(sql) ?? [];
      if (typeof found === "string") response.writeHead(500).end(found);
      else response.end(found.map((row) => `${JSON.stringify(row)}\n`).join(""));
    });
  });
  return { connection: { url, username: "admin", password: "p", database: "default" }, asked };
}
