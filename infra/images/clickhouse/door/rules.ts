import { significant, tokenize } from "../../../clickhouse/lexer";
import type { Account } from "./accounts";
import { DoorError } from "./errors";
import type { Statement } from "./statement";

/** Statements that only read. A reader, and any GET request, may use no others. */
const READING = new Set(
  "SELECT WITH FROM ( SHOW DESCRIBE DESC EXISTS EXPLAIN USE SET CHECK".split(" "),
);
/** Signs that a statement may be more than its first word says, or hide that behind comments or quotes. */
const SUSPECT = /;|\\|outfile|role|kill|process|query_log|merge/i;
/** Other people's queries, and merge(), by which a table is read without its name. The engine grants both to all. */
const OF_OTHERS = /\b(processes|processlist|query_log)\b|\bmerge\s*\(/i;

/** Whether the statement changes nothing. */
export function onlyReads(statement: Statement): boolean {
  return READING.has(statement.verb);
}

/**
 * Refuses what would pass the engine's own checks: files of the container and, for a reader, other roles,
 * other people's queries and a second statement.
 * @param canonical the engine's own rendering of one statement, on which comments and quotes fool nobody.
 * @throws DoorError 164 where the account or the method may only read, 358 and 78 for files.
 */
export async function checkAllowed(
  statement: Statement,
  account: Account,
  method: string,
  params: Record<string, string>,
  canonical: (sql: string) => Promise<string>,
): Promise<void> {
  const isGet = method === "GET" || method === "HEAD";
  if (isGet && !onlyReads(statement)) {
    throw new DoorError(
      164,
      "READONLY",
      "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries.",
    );
  }
  refuseFiles(statement.sql);
  if (account.profile === "admin") return;
  const refused = new DoorError(
    164,
    "READONLY",
    `${account.name}: Cannot execute query in readonly mode.`,
  );
  if (!onlyReads(statement)) throw refused;
  const values = Object.values(params).join("\n");
  if (!SUSPECT.test(`${statement.sql}\n${values}`)) return;
  const plain = await canonical(statement.sql);
  refuseFiles(plain);
  if (/^\s*(KILL\b|SET (DEFAULT )?ROLE\b)/i.test(plain)) throw refused;
  if (OF_OTHERS.test(plain) || OF_OTHERS.test(values))
    throw new DoorError(
      497,
      "ACCESS_DENIED",
      `${account.name}: Not enough privileges. Queries of others are not for this account.`,
    );
}

function refuseFiles(sql: string): void {
  if (!/outfile|infile/i.test(sql)) return;
  const words = significant(tokenize(sql)).map((token) => token.text.toUpperCase());
  const follows = (first: string, second: string) =>
    words.some((word, i) => word === first && words[i + 1] === second);
  if (follows("INTO", "OUTFILE"))
    throw new DoorError(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed");
  if (follows("FROM", "INFILE"))
    throw new DoorError(
      78,
      "UNKNOWN_TYPE_OF_QUERY",
      "Query has infile and was send directly to server",
    );
}
