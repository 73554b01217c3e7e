/** The largest whole number that each of ClickHouse's types for them holds; the smallest is 0. */
export const WHOLE_MAX = { UInt8: 2 ** 8 - 1, UInt16: 2 ** 16 - 1, UInt32: 2 ** 32 - 1 } as const;
export type WholeType = keyof typeof WHOLE_MAX;

/** Types of ClickHouse that a record's fields may have. */
export type ColumnType =
  WholeType | "Float64" | "String" | "DateTime" | "Decimal(10, 2)" | "Array(String)";

export interface Column {
  name: string;
  type: ColumnType;
}

/** What a record's field holds: DateTime as `YYYY-MM-DD HH:MM:SS` in UTC, a decimal as a number. */
export type Field = string | number | readonly string[];

/** One record, with a field for each column. */
export type Row = Readonly<Record<string, Field>>;

/** Records of one kind: the columns of the table in `sql/` that they end in. */
export interface Table {
  /** The table's name in ClickHouse. */
  name: string;
  columns: readonly Column[];
  /** The column whose value is the key: records that share it share a partition and keep their order. */
  key: string;
}

type FieldOf<T extends ColumnType> = T extends "String" | "DateTime"
  ? string
  : T extends "Array(String)"
    ? readonly string[]
    : number;

/** The record that belongs to a table's columns. */
export type RecordOf<T extends Table> = {
  readonly [C in T["columns"][number] as C["name"]]: FieldOf<C["type"]>;
};

/** Columns of whole numbers. */
export type WholeColumn<T extends Table> = Extract<
  T["columns"][number],
  { type: WholeType }
>["name"];

/** The key of a record, as text. */
export function keyOf(table: Table, record: Row): string {
  return String(record[table.key]);
}
