import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import type { ObjectKind } from "./catalog";
import { withClient, type Connection } from "./client";
import { note } from "./ledger";
import { refuseIfFilled } from "./remove";

export interface CatalogInputs {
  objects: Record<string, ObjectKind>;
  allowDestroy: string[];
  connection: Connection;
  /** Whether the ClickHouse is one that the stack does not make. @default false */
  external?: boolean;
}

/** Refuses a move between the stack's own ClickHouse and an external one: rows would stay behind, or go. */
export async function check(
  olds: Partial<CatalogInputs>,
  news: CatalogInputs,
): Promise<dynamic.CheckResult> {
  const was = Boolean(olds.external);
  const moves = olds.objects !== undefined && was !== Boolean(news.external);
  const reason = `clickhouseExternal: the stack has its rows in ${was ? "the ClickHouse that clickhouseExternal named" : "a ClickHouse of its own"}, and does not move. Nothing was changed. Put the key back, and make another stack for the other ClickHouse.`;
  return { inputs: news, failures: moves ? [{ property: "", reason }] : [] };
}

export async function create(inputs: CatalogInputs): Promise<dynamic.CreateResult> {
  return { id: "sql", outs: inputs };
}

/**
 * Objects depend on this, and deletions come last: so nothing has changed yet when an object that is gone from
 * `sql/` would take rows with it.
 * @throws RefusedError for each such object, unless config allows it.
 */
export async function update(
  olds: CatalogInputs,
  news: CatalogInputs,
): Promise<dynamic.UpdateResult> {
  const gone = goneFrom(olds, news);
  if (gone.length > 0) {
    await withClient(news.connection, async (client) => {
      for (const object of gone) {
        if (news.allowDestroy.includes(object.name)) await note(client, object.name, "mayDestroy");
        else await refuseIfFilled(client, object);
      }
    });
  }
  return { outs: news };
}

export function diff(olds: CatalogInputs, news: CatalogInputs): dynamic.DiffResult {
  const changes = (["objects", "connection"] as const).some(
    (key) => !isDeepStrictEqual(olds[key], news[key]),
  );
  return { changes };
}

/** Objects of `olds` that `news` has no more. */
export function goneFrom(
  olds: Pick<CatalogInputs, "objects">,
  news: Pick<CatalogInputs, "objects">,
): { name: string; kind: ObjectKind }[] {
  return Object.entries(olds.objects)
    .filter(([name]) => !(name in news.objects))
    .map(([name, kind]) => ({ name, kind }));
}

/** What Pulumi calls, in its own order of arguments. */
export const provider: dynamic.ResourceProvider<CatalogInputs, CatalogInputs> = {
  check,
  diff: async (_id, olds, news) => diff(olds, news),
  create,
  update: (_id, olds, news) => update(olds, news),
};
