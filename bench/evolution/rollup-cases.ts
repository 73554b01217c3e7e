import { inPlace, type Case } from "./case";
import { swap } from "./schema";

/** A view that reads a table has to change with it, before the next block comes. */
export const rollupCases: Case[] = [
  {
    name: "rollup of a value added",
    edits: {
      totals:
        "CREATE TABLE totals (name String, total UInt64) ENGINE = SummingMergeTree ORDER BY name",
      totals_mv:
        "CREATE MATERIALIZED VIEW totals_mv TO totals AS SELECT name, sum(amount) AS total FROM events GROUP BY name",
    },
    label: ["totals_mv", "created"],
  },
  {
    name: "column renamed that a rollup reads",
    edits: {
      events: (sql) =>
        `-- @rename amount to quantity\n${swap("amount UInt64", "quantity UInt64")(sql)}`,
      events_mv: swap("AS amount,", "AS quantity,"),
      totals_mv: swap("sum(amount)", "sum(quantity)"),
    },
    label: inPlace("events"),
  },
  {
    name: "column dropped that a rollup reads",
    edits: {
      events: swap("    quantity UInt64,\n", ""),
      events_mv: swap(" amount * 2 AS quantity,", ""),
      totals_mv: swap("sum(quantity)", "count()"),
    },
    destroys: "events",
  },
];
