import type * as pulumi from "@pulumi/pulumi";
import type { ClickHouseClient } from "@clickhouse/client";
import { answering } from "./answering";
import { withClient, type Connection } from "./client";
import type { StoredObject } from "./last-state";
import { follows, look, planGone, planOne, tableOf, type Wanted } from "./preview-object";
import { RefusedError } from "./refusal";
import { plansInScratch } from "./table-plan";

/** What is to be said of an object, and what forbids the whole change. */
export interface Forecast {
  words: Map<string, string>;
  /** Refusals, each with its reason and the way out. */
  refusals: string[];
}

/**
 * Plans every object that differs from the stack's state, by the warehouse where it answers. A stack without
 * changes asks nobody.
 */
export async function forecast(
  wanted: readonly Wanted[],
  stored: ReadonlyMap<string, StoredObject>,
  connection: pulumi.Output<Connection>,
  allowDestroy: readonly string[],
): Promise<Forecast> {
  const names = new Set(wanted.map(({ name }) => name));
  const gone = [...stored.values()].filter(({ name }) => !names.has(name));
  const touched = wanted.filter((object) => differs(object, stored.get(object.name)));
  const result: Forecast = { words: new Map(), refusals: [] };
  if (touched.length + gone.length === 0) return result;
  const reached = await answering(connection);
  const all = async (client?: ClickHouseClient) => {
    const looks = await look(touched, stored, client);
    const tables = plansInScratch(looks.flatMap(tableOf));
    const told = [
      ...looks.map((one) => tell(one.object.name, () => planOne(one, tables, client))),
      ...gone.map((object) => tell(object.name, () => planGone(object, allowDestroy, client))),
    ];
    for (const { name, text, refusal } of await Promise.all(told)) {
      if (text !== undefined) result.words.set(name, text);
      if (refusal !== undefined) result.refusals.push(refusal);
    }
  };
  await (reached ? withClient(reached, all) : all());
  return result;
}

interface Told {
  name: string;
  text?: string | undefined;
  refusal?: string;
}

async function tell(name: string, work: () => Promise<string | undefined>): Promise<Told> {
  try {
    return { name, text: await work() };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { name, refusal: error.message };
  }
}

function differs(object: Wanted, stored: StoredObject | undefined): boolean {
  if (!stored) return true;
  if (object.definition === undefined) return false;
  return object.definition !== stored.definition || follows(object, stored);
}
