import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ClickHouseClient } from "@clickhouse/client";
import type { dynamic } from "@pulumi/pulumi";
import { claim, claimant, release } from "../clickhouse/claim";
import { rows, withClient, type Connection } from "../clickhouse/client";
import { trustingFetch } from "../clickhouse/trusting-fetch";

const DEADLINE_MS = 5_000;
/** ClickHouse's AUTHENTICATION_FAILED, UNKNOWN_USER, WRONG_PASSWORD and REQUIRED_PASSWORD. */
const NOT_LET_IN = new Set(["516", "192", "193", "194"]);
/** Settings without which the Kafka tables of `sql/` cannot be made. */
const NEEDED_SETTINGS = ["format_schema_source", "format_schema_message_name"];

export interface ClaimInputs {
  /** As one who makes objects, writes and reads. */
  connection: Connection;
  /** As one who reads for dashboards. */
  reader: Pick<Connection, "username" | "password">;
  /** The stack, for people. */
  stack: string;
  /** Named collections that have to stand there, as its owner makes them. */
  collections: string[];
}

export interface ClaimState extends ClaimInputs {
  /** By which the stack is known there to be the one whose objects stand there. */
  claim: string;
}

type Olds = Partial<ClaimState>;

/** Why a ClickHouse cannot be used, in words that tell what to look at; undefined where it can. */
export async function unusable(
  { connection, reader, collections, claim: own }: Omit<ClaimState, "stack">,
  isKnown: boolean,
): Promise<string | undefined> {
  const where = `the ClickHouse at ${connection.url} (clickhouseExternal)`;
  try {
    await ping(connection);
    const fault =
      (await letIn(
        connection,
        "Username",
        async (client) =>
          (await adminFault(client, own, isKnown)) ?? absentFault(client, collections),
      )) ?? (await letIn({ ...connection, ...reader }, "Reader", readerFault));
    return fault && `${where} ${fault} Nothing was changed.`;
  } catch (error) {
    return `${where} ${explained(error, connection)} Nothing was changed.`;
  }
}

async function ping({ url, ca }: Connection): Promise<void> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const answer = await trustingFetch(`${url}/ping`, { signal }, ca);
  const text = await answer.text();
  if (text.trim() !== "Ok.")
    throw new Error(`it says ${JSON.stringify(text.slice(0, 60))} where ClickHouse says Ok.`);
}

async function adminFault(
  client: ClickHouseClient,
  own: string,
  isKnown: boolean,
): Promise<string | undefined> {
  const [engine] = await rows<{
    version: string;
    name: string;
    database: string;
    kafka: number;
    absent: string[];
  }>(
    client,
    `SELECT version() AS version, currentDatabase() AS name,
       (SELECT engine FROM system.databases WHERE name = currentDatabase()) AS database,
       toUInt8((SELECT count() FROM system.table_engines WHERE name = 'Kafka')) AS kafka,
       arrayFilter(name -> name NOT IN (SELECT name FROM system.settings), {needed:Array(String)}) AS absent`,
    { needed: NEEDED_SETTINGS },
  );
  const version = engine?.version ?? "";
  if (engine?.kafka === 0) return `is ${version} without the Kafka table engine.`;
  if (engine && engine.absent.length > 0)
    return `is ${version}, which does not know ${engine.absent.join(" and ")}, as the Kafka tables need it. Use a newer one.`;
  if (engine && /^(Replicated|Shared)$/.test(engine.database))
    return `has ${engine.database} as the engine of its database ${engine.name}, so that statements go to several servers, whose consumers could not be paused together. Use one whose database is Atomic.`;
  const holder = await claimant(client);
  if (holder?.id === own || (holder === undefined && !isKnown)) return undefined;
  return holder
    ? `holds the objects of the stack ${holder.stack} since ${holder.since}, and two stacks would undo each other's. Use another ClickHouse, or destroy that stack. Where it is gone without a destroy: DROP DATABASE steamline there.`
    : "knows nothing of this stack, whose objects stood there. Look whether the address is right; where the data is gone, destroy the stack and make it anew.";
}

async function absentFault(
  client: ClickHouseClient,
  collections: readonly string[],
): Promise<string | undefined> {
  if (collections.length === 0) return undefined;
  const found = await rows<{ name: string }>(client, "SELECT name FROM system.named_collections");
  const absent = collections.filter((one) => !found.some(({ name }) => name === one));
  return absent.length === 0
    ? undefined
    : `has no named collection ${absent.join(", ")}, by which it proves to Kafka who it is. Its owner makes it, as docs/external-clickhouse.md shows.`;
}

/** Rows are replaced by newer ones of the same key when parts merge: until then a query has to do it. */
async function readerFault(client: ClickHouseClient): Promise<string | undefined> {
  const [row] = await rows<{ final: boolean }>(client, "SELECT getSetting('final') AS final");
  return row?.final
    ? undefined
    : "lets clickhouseExternalReader see rows twice until they are merged. Have its profile or user say final = 1.";
}

/** What `look` finds as somebody, or that nobody of that name and password is let in. @param key that names who */
async function letIn(
  as: Connection,
  key: "Username" | "Reader",
  look: (client: ClickHouseClient) => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await withClient(as, look);
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (!NOT_LET_IN.has(String(code))) throw error;
    const passwordKey = `clickhouseExternal${key === "Reader" ? key : ""}Password`;
    return `does not let ${as.username} in: ${firstSentence(message)} Look at clickhouseExternal${key} and ${passwordKey}.`;
  }
}

function explained(error: unknown, { url }: Connection): string {
  if (!(error instanceof Error)) return `does not answer: ${String(error)}.`;
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = String((cause as NodeJS.ErrnoException).code ?? "");
  if (/^\d+$/.test(code)) return `refuses what it was asked: ${firstSentence(cause.message)}`;
  if (/CERT|SIGNED|VERIFY|ALTNAME|ISSUER|SSL|TLS/.test(code))
    return `shows a certificate that is not trusted: ${cause.message}. Look at clickhouseExternalCa, which has to hold the certificate of who signed it.`;
  const late = cause.name === "TimeoutError";
  const said = late ? `nothing within ${DEADLINE_MS / 1000} s` : cause.message || code;
  const hint = url.startsWith("https:")
    ? "it speaks TLS there"
    : "it takes requests in clear there";
  return `does not answer: ${said}. Look whether the address is right, can be reached from this machine, and that ${hint}.`;
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** Asked whenever the program runs, a preview included. */
export const clickhouseClaimProvider: dynamic.ResourceProvider<ClaimState, ClaimState> = {
  check: async (olds: Olds, news) => {
    const inputs = { ...news, claim: olds.claim ?? randomUUID() };
    const reason = await unusable(inputs, olds.claim !== undefined);
    // Of no one property, as its value would be told, which says nothing.
    return { inputs, failures: reason ? [{ property: "", reason }] : [] };
  },
  diff: async (_id, olds, news) => ({
    changes:
      !isDeepStrictEqual(olds.connection, news.connection) ||
      !isDeepStrictEqual(olds.reader, news.reader),
  }),
  create: async (inputs) => {
    await withClient(inputs.connection, (client) =>
      claim(client, { id: inputs.claim, stack: inputs.stack }),
    );
    return { id: "clickhouse", outs: inputs };
  },
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: (_id, { connection, claim: own }) =>
    withClient(connection, (client) => release(client, own)),
};
