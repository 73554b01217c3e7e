import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { withClient, type Connection } from "./client";
import { observe } from "./observe";
import { reconcile, remove, type Desired } from "./reconcile";

/** What a SQL object's resource is given. */
export interface SqlObjectInputs extends Desired {
  /** Definitions of the objects whose replacement this one has to follow, by name. */
  upstream: Record<string, string>;
  connection: Connection;
}

/** What its state holds. */
export interface SqlObjectState extends SqlObjectInputs {
  /** What the warehouse made of the statement; a later difference is drift. */
  fingerprint: string;
}

export async function create(inputs: SqlObjectInputs): Promise<dynamic.CreateResult> {
  return { id: inputs.name, outs: await apply(inputs) };
}

export async function update(
  olds: SqlObjectState,
  news: SqlObjectInputs,
): Promise<dynamic.UpdateResult> {
  const sameObject =
    olds.statement === news.statement && isDeepStrictEqual(olds.upstream, news.upstream);
  return { outs: await apply(news, olds.statement, sameObject) };
}

export async function read(id: string, state?: SqlObjectState): Promise<dynamic.ReadResult> {
  if (!state) return {};
  const observed = await withClient(state.connection, (client) => observe(client, state));
  if (!observed) return {};
  if (observed.fingerprint === state.fingerprint) return { id, props: state };
  return {
    id,
    props: { ...state, statement: observed.createQuery, fingerprint: observed.fingerprint },
  };
}

export async function del(state: SqlObjectState): Promise<void> {
  await withClient(state.connection, (client) => remove(client, state));
}

/** Without I/O: whether the resource changed, as far as its inputs tell. */
export function diff(olds: SqlObjectState, news: SqlObjectInputs): dynamic.DiffResult {
  const changed = (["statement", "upstream", "connection", "kind"] as const).filter(
    (key) => !isDeepStrictEqual(olds[key], news[key]),
  );
  const replaces = olds.name === news.name ? [] : ["name"];
  return { changes: changed.length + replaces.length > 0, replaces, deleteBeforeReplace: true };
}

async function apply(
  inputs: SqlObjectInputs,
  previous?: string,
  untouched = false,
): Promise<SqlObjectState> {
  return withClient(inputs.connection, async (client) => {
    if (!untouched || !(await observe(client, inputs))) await reconcile(client, inputs, previous);
    const observed = await observe(client, inputs);
    if (!observed)
      throw new Error(`${inputs.name} was created but is not there. Was it dropped meanwhile?`);
    return { ...inputs, fingerprint: observed.fingerprint };
  });
}
