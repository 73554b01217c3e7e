import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { withClient, type Connection } from "../clickhouse/client";
import { note, notes } from "../clickhouse/ledger";

export interface StoredRowsState {
  /** Tables of `sql/`. */
  tables: string[];
  connection: Connection;
}

/** Each table's rows may go with it from now on, or no more. */
async function allow({ tables, connection }: StoredRowsState, isAllowed: boolean): Promise<void> {
  await withClient(connection, async (client) => {
    for (const table of tables) {
      if (isAllowed) await note(client, table, "mayDestroy");
      else if ((await notes(client, table)).at(-1)?.step === "mayDestroy")
        await note(client, table, "adopted");
    }
  });
}

/** It goes before the tables do, and with it what keeps them from being dropped. */
export const storedRowsProvider: dynamic.ResourceProvider<StoredRowsState, StoredRowsState> = {
  diff: async (_id, olds, news) => ({
    changes:
      !isDeepStrictEqual(olds.tables, news.tables) ||
      !isDeepStrictEqual(olds.connection, news.connection),
  }),
  create: async (inputs) => {
    // A destroy that was cut short has left them without what keeps them.
    await allow(inputs, false);
    return { id: "rows", outs: inputs };
  },
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: (_id, state) => allow(state, true),
};
