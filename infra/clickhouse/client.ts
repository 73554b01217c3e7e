import { ClickHouseLogLevel, createClient, type ClickHouseClient } from "@clickhouse/client";
import { inDatabase, UNDERSTOOD_IN } from "./other-database";

/** How a warehouse is reached over HTTP. Always a Pulumi secret, as it holds a password. */
export interface Connection {
  url: string;
  username: string;
  password: string;
  /** Where the objects of `sql/` stand. Statements may name it `default` all the same, as their definitions do. */
  database: string;
  /** Certificates (PEM) of who signed its own, where it speaks TLS. @default the well-known authorities */
  ca?: string;
}

/** Longest time one statement may take: an ALTER of a large table rewrites its parts. */
const REQUEST_TIMEOUT_MS = 600_000;

/** The database of each client. */
const databases = new WeakMap<ClickHouseClient, string>();

/** Runs `work` with a client of its own and closes it, whatever happens. */
export async function withClient<T>(
  connection: Connection,
  work: (client: ClickHouseClient) => Promise<T>,
): Promise<T> {
  const { ca, ...rest } = connection;
  const client = createClient({
    ...rest,
    ...(ca === undefined ? {} : { tls: { ca_cert: Buffer.from(ca) } }),
    request_timeout: REQUEST_TIMEOUT_MS,
    keep_alive: { enabled: false },
    // Errors are told by who is thrown them. Besides, the client warns of load balancers at such a time-out.
    log: { level: ClickHouseLogLevel.OFF },
  });
  databases.set(client, connection.database);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The database in which the client's objects stand. */
export function databaseOf(client: ClickHouseClient): string {
  return databases.get(client) ?? UNDERSTOOD_IN;
}

/** Rows of `query` as objects. */
export async function rows<T>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown> = {},
): Promise<T[]> {
  const result = await client.query({
    query: inDatabase(query, UNDERSTOOD_IN, databaseOf(client)),
    query_params: params,
    format: "JSONEachRow",
  });
  return result.json<T>();
}

/** Runs a statement that returns nothing, and waits until it is done. */
export async function run(client: ClickHouseClient, statement: string): Promise<void> {
  await client.command({
    query: inDatabase(statement, UNDERSTOOD_IN, databaseOf(client)),
    clickhouse_settings: { wait_end_of_query: 1 },
  });
}
