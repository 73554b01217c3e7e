import type { ClickHouseClient } from "@clickhouse/client";
import { rows, run } from "./client";
import { DURABLY, OWN_DATABASE } from "./ledger";
import { quoteString } from "./render";

const TABLE = `${OWN_DATABASE}.claims`;

/** Whose objects stand in a ClickHouse. */
export interface Claim {
  id: string;
  /** For people. */
  stack: string;
}

/** The stack whose objects stand there; undefined where no stack's do. Of two, the one that claimed it first. */
export async function claimant(
  client: ClickHouseClient,
): Promise<(Claim & { since: string }) | undefined> {
  const there = await rows<{ name: string }>(
    client,
    `SELECT name FROM system.tables WHERE database = '${OWN_DATABASE}' AND name IN ('changes', 'claims')`,
  );
  if (there.length === 0) return undefined;
  // What a stack makes itself it need not claim.
  if (!there.some(({ name }) => name === "claims"))
    return { id: "", stack: "that made this ClickHouse", since: "its beginning" };
  const [first] = await rows<Claim & { since: string }>(
    client,
    `SELECT id, stack, toString(toStartOfSecond(at)) AS since FROM ${TABLE} ORDER BY at, id LIMIT 1`,
  );
  return first;
}

/** Has the stack's objects stand there. @throws Error where another's do */
export async function claim(client: ClickHouseClient, { id, stack }: Claim): Promise<void> {
  await run(client, `CREATE DATABASE IF NOT EXISTS ${OWN_DATABASE}`);
  await run(
    client,
    `CREATE TABLE IF NOT EXISTS ${TABLE} (at DateTime64(6) DEFAULT now64(6), id String, stack String)
     ENGINE = MergeTree ORDER BY id
     ${DURABLY}
     COMMENT 'The stack whose objects stand here: the first one. Written by the deployment.'`,
  );
  await run(client, `INSERT INTO ${TABLE} (id, stack) SELECT ${quoteString(id)}, ${quoteString(stack)}`); // prettier-ignore
  const first = await claimant(client);
  if (first?.id === id) return;
  throw new Error(`the stack ${first?.stack} was faster, and has its objects in this ClickHouse now`); // prettier-ignore
}

/** Leaves it to others. What was noted there for the stack goes; it is left as it is where another's objects stand. */
export async function release(client: ClickHouseClient, id: string): Promise<void> {
  const holder = await claimant(client);
  if (holder?.id === id) await run(client, `DROP DATABASE IF EXISTS ${OWN_DATABASE} SYNC`);
}
