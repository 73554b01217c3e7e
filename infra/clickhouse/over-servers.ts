import { CLUSTER, SHARD_DATABASE } from "./cluster";
import { tokenize } from "./lexer";

/** What each shard's servers hold alike: one of each is asked. */
const OF_A_SHARD = new Set(["parts", "parts_columns"]);
/** What each server does by itself: all are asked. */
const OF_A_SERVER = new Set(["disks", "errors", "kafka_consumers", "merges"]);
/** Those of them that tell of tables with rows. */
const OF_ROWS = new Set(["parts", "parts_columns", "merges"]);

/**
 * A query, with what it reads of a server's own tables asked of all servers of the cluster. `currentDatabase()` behind
 * such a table is the database that its rows tell of.
 */
export function overServers(sql: string): string {
  const tokens = tokenize(sql);
  let text = "";
  let last: string | undefined;
  for (let at = 0; at < tokens.length; at++) {
    const [first, second, third] = tokens.slice(at, at + 3).map((token) => token.text);
    const table = first === "system" && second === "." ? third : undefined;
    if (table !== undefined && (OF_A_SHARD.has(table) || OF_A_SERVER.has(table))) {
      const asked = OF_A_SHARD.has(table) ? "cluster" : "clusterAllReplicas";
      text += `${asked}('${CLUSTER}', system.${table})`;
      last = table;
    } else if (last !== undefined && first === "currentDatabase" && second === "(") {
      text += OF_ROWS.has(last) ? `'${SHARD_DATABASE}'` : "'default'";
    } else {
      text += first ?? "";
      continue;
    }
    at += 2;
  }
  return text;
}
