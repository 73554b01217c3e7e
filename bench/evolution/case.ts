import type { ClickHouseClient } from "@clickhouse/client";
import { swap, type Edits } from "./schema";

/** One change, in the order of the list: each starts from where the last one ended. */
export interface Case {
  name: string;
  edits?: Edits;
  /** Done by hand in the warehouse before: drift, which a refresh has to see. */
  byHand?: (client: ClickHouseClient) => Promise<void>;
  /** More partitions for the topic, before. */
  partitions?: number;
  /** Refused at first, and done when allowed for this object. */
  destroys?: string;
  /** What the label of that object has to be. */
  label?: [object: string, label: string];
}

export const inPlace = (object: string): [string, string] => [object, "in place"];

/** An edit that puts a column before the last one. */
export const afterValue = (column: string) =>
  swap("    t DateTime", `    ${column},\n    t DateTime`);

/** An edit that adds a setting behind the last one. */
export const setting = (text: string) => (sql: string) => `${sql}, ${text}`;
