import { isDeepStrictEqual } from "node:util";
import type { ClickHouseClient } from "@clickhouse/client";
import type { dynamic } from "@pulumi/pulumi";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { withClient, type Connection } from "./client";
import type { Desired } from "./desired";
import { leaveGroup } from "./leave-group";
import { observe } from "./observe";
import { establish, reconcile } from "./reconcile";
import { RefusedError } from "./refusal";
import { remove } from "./remove";
import { inTurn } from "./turns";

/** What a SQL object's resource is given. */
export interface SqlObjectInputs extends Desired {
  /** Definitions of the objects whose replacement this one has to follow, by name. */
  upstream: Record<string, string>;
  connection: Connection;
  /** For a Kafka table, how its brokers are reached from here. */
  kafka?: KafkaAccess;
}

/** What its state holds. */
export interface SqlObjectState extends SqlObjectInputs {
  /** What the warehouse made of the statement; a later difference is drift. */
  fingerprint: string;
}

export async function create(inputs: SqlObjectInputs): Promise<dynamic.CreateResult> {
  const outs = await changing(inputs, (client) => establish(client, inputs));
  return { id: inputs.name, outs };
}

/** @throws UnfinishedError where it fails half-way */
export async function update(
  olds: SqlObjectState,
  news: SqlObjectInputs,
): Promise<dynamic.UpdateResult> {
  const follows = !isDeepStrictEqual(olds.upstream, news.upstream);
  try {
    return { outs: await changing(news, (client) => reconcile(client, news, follows)) };
  } catch (error) {
    throw error instanceof RefusedError ? error : new UnfinishedError(error, olds);
  }
}

/**
 * Tells Pulumi to keep the old state and to update the object with the next `up` whatever its file says by then,
 * even what it said before: only that goes on from what stands.
 */
class UnfinishedError extends Error {
  readonly id: string;
  readonly reasons: string[];

  constructor(
    cause: unknown,
    readonly properties: SqlObjectState,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.id = properties.name;
    this.reasons = [this.message];
  }
}

/** One change of a flow at a time. @returns the object's new state */
function changing(
  inputs: SqlObjectInputs,
  work: (client: ClickHouseClient) => Promise<void>,
): Promise<SqlObjectState> {
  const { feeds, connection } = inputs;
  const flows = Object.keys(feeds).map(
    (table) => `${connection.url} ${connection.database} ${table}`,
  );
  return inTurn(flows, () =>
    withClient(connection, async (client) => {
      await work(client).catch((error: unknown) => {
        throw isGone(error) ? new Error(goneWords(inputs, error), { cause: error }) : error;
      });
      return state(client, inputs);
    }),
  );
}

/** What drifted is kept as the definition it has now, which the next `up` finds to differ. */
export async function read(id: string, state?: SqlObjectState): Promise<dynamic.ReadResult> {
  if (!state) return {};
  const observed = await withClient(state.connection, (client) => observe(client, state));
  if (!observed) return {};
  if (observed.fingerprint === state.fingerprint) return { id, props: state };
  const shown = observed.definition || `keys ${observed.keys.join(", ")}`;
  const definition = observed.waits ? `${shown} /* its messages wait */` : shown;
  return { id, props: { ...state, definition, fingerprint: observed.fingerprint } };
}

export async function del(state: SqlObjectState): Promise<void> {
  await withClient(state.connection, (client) => remove(client, state));
  if (state.kind === "kafka" && state.kafka)
    await leaveGroup(state.name, state.statement, state.kafka);
}

/** Whether it is the connection that failed, and not a statement: the engine's errors have numbers. */
function isGone(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^E[A-Z]+$/.test(String((error as { code?: unknown }).code));
}

function goneWords({ name, connection }: SqlObjectInputs, { message }: Error): string {
  return `ClickHouse at ${connection.url} went away while ${name} was changed: ${message}. No message is lost. Run \`up\` again, which goes on from what stands.`;
}

/** Without I/O: whether the resource changed, as far as its inputs tell. The engine's words count, not the file's. */
export function diff(olds: SqlObjectState, news: SqlObjectInputs): dynamic.DiffResult {
  const changed = (["definition", "upstream", "connection", "kind"] as const).filter(
    (key) => !isDeepStrictEqual(olds[key], news[key]),
  );
  const replaces = olds.name === news.name ? [] : ["name"];
  return { changes: changed.length + replaces.length > 0, replaces, deleteBeforeReplace: true };
}

async function state(
  client: Parameters<typeof observe>[0],
  inputs: SqlObjectInputs,
): Promise<SqlObjectState> {
  const observed = await observe(client, inputs);
  if (!observed && !/^\s*GRANT\b/i.test(inputs.statement))
    throw new Error(`${inputs.name} was created but is not there. Was it dropped meanwhile?`);
  return { ...inputs, fingerprint: observed?.fingerprint ?? "" };
}

/** What Pulumi calls, in its own order of arguments. */
export const provider: dynamic.ResourceProvider<SqlObjectInputs, SqlObjectState> = {
  diff: async (_id, olds, news) => diff(olds, news),
  create,
  read,
  update: (_id, olds, news) => update(olds, news),
  delete: (_id, state) => del(state),
};
