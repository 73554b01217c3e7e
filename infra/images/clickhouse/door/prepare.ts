import type { Session } from "chdb";
import { quoteIdentifier, quoteString } from "../../../clickhouse/render";
import type { Account } from "./accounts";
import { BAD_ARGUMENTS, DoorError } from "./errors";
import type { DoorRequest } from "./request";

/** Limits of a reader's query, as in the official server's profile. */
const READER_LIMITS = { final: "1", max_memory_usage: "2000000000" };
const READER_LONGEST_SECONDS = 60;

/** Takes back what a request set for itself alone. */
export type Restore = () => Promise<void>;

/**
 * Gives a session what the request asks for: database, settings, parameters and, for a reader, its limits.
 * In a session that is kept, what stands in the URL lasts for one request, as on the official server.
 */
export async function prepare(
  session: Session,
  request: DoorRequest,
  account: Account,
  fresh: boolean,
): Promise<Restore> {
  if (request.role !== undefined)
    throw new DoorError(
      511,
      "UNKNOWN_ROLE",
      `There is no role \`${request.role}\` in user directories`,
    );
  const settings = { ...request.settings };
  if (account.profile === "reader") {
    const longest = Number(settings["max_execution_time"] ?? 0) || READER_LONGEST_SECONDS;
    // Under readonly the engine lets no client change it, and the official server does.
    delete settings["max_execution_time"];
    if (fresh) await becomeReader(session, Math.min(longest, READER_LONGEST_SECONDS));
  }
  const kept = request.sessionId !== undefined;
  // A reader's settings cannot change, so there are none to take back.
  const changed = account.profile === "reader" ? [] : Object.keys(settings);
  const restore = kept ? await remember(session, request, changed) : nothing;
  const statements: string[] = [];
  if (request.database !== undefined) statements.push(`USE ${quoteIdentifier(request.database)}`);
  const values = Object.entries(settings).map(([name, value]) => assignment(name, value));
  for (const [name, value] of Object.entries(request.params))
    values.push(assignment(`param_${name}`, value));
  if (values.length > 0) statements.push(`SET ${values.join(", ")}`);
  try {
    if (statements.length > 0) await session.queryAsync(statements.join("; "));
  } catch (error) {
    await restore();
    throw error;
  }
  return restore;
}

async function becomeReader(session: Session, longestSeconds: number): Promise<void> {
  const limits = { ...READER_LIMITS, max_execution_time: String(longestSeconds) };
  const values = Object.entries(limits).map(([name, value]) => `${name} = ${value}`);
  await session.queryAsync(`SET ROLE reader; SET ${values.join(", ")}; SET readonly = 1`);
}

/** Values go in as the client escaped them: the engine takes that off when it puts them in. */
function assignment(name: string, value: string): string {
  if (!/^\w+$/.test(name)) {
    if (name.startsWith("param_"))
      throw new DoorError(BAD_ARGUMENTS, "BAD_ARGUMENTS", `${name} is no name of a parameter`);
    throw new DoorError(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
  }
  return `${name} = ${quoteString(value)}`;
}

const nothing: Restore = () => Promise.resolve();

async function remember(session: Session, request: DoorRequest, names: string[]): Promise<Restore> {
  if (request.database === undefined && names.length === 0) return nothing;
  const settings =
    names.length === 0
      ? ""
      : `UNION ALL SELECT name, value, changed, '' FROM system.settings
         WHERE name IN (${names.map(quoteString).join(", ")})`;
  const result = await session.queryAsync(
    `SELECT '' AS name, '' AS value, 0 AS changed, currentDatabase() AS database ${settings}`,
    { format: "JSONCompactEachRow" },
  );
  const rows = result
    .text()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [string, string, number, string]);
  const values = rows
    .filter(([name]) => name !== "")
    .map(([name, value, changed]) => `${name} = ${changed ? quoteString(value) : "DEFAULT"}`);
  const database = rows.find(([name]) => name === "")?.[3] ?? "default";
  const statements = [`USE ${quoteIdentifier(database)}`];
  if (values.length > 0) statements.push(`SET ${values.join(", ")}`);
  // A database that the request itself dropped cannot be gone back to.
  return () => session.queryAsync(statements.join("; ")).then(ignore, ignore);
}

function ignore(): void {}
