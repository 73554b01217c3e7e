import { WHOLE_MAX, type Column, type ColumnType, type Row, type Table } from "../table";

type Check = (value: unknown) => string | undefined;

const DATE_TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
/** What ClickHouse's DateTime can hold. */
const [FIRST_TIME, LAST_TIME] = ["1970-01-01 00:00:00", "2106-02-07 06:28:15"];
const MAX_DECIMAL = 99_999_999.99;

/**
 * Finds what is wrong with a row, as `rank: expected a whole number from 0 to 65535, found "x"`, or gives
 * undefined where it fits the table.
 */
export function checkerOf({ columns }: Table): (row: unknown) => string | undefined {
  const checks = columns.map(({ name, type }) => ({ name, check: checkOf(type) }));
  return (row) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) return "not an object";
    for (const { name, check } of checks) {
      const value = (row as Row)[name];
      if (value === undefined) return `${name}: is not there`;
      const expected = check(value);
      if (expected !== undefined) return `${name}: expected ${expected}, found ${shown(value)}`;
    }
    return undefined;
  };
}

/** A field's value from the text that a CSV file has of it. What it is not, the check tells. */
export function fieldFrom(text: string, { type }: Column): unknown {
  if (type === "String" || type === "DateTime") return text;
  if (type !== "Array(String)") return text.trim() === "" ? text : Number(text);
  try {
    return JSON.parse(text.replaceAll("'", '"')) as unknown;
  } catch {
    return text;
  }
}

function checkOf(type: ColumnType): Check {
  switch (type) {
    case "UInt8":
    case "UInt16":
    case "UInt32":
      return whole(WHOLE_MAX[type]);
    case "Float64":
      return (value) => (Number.isFinite(value) ? undefined : "a number");
    case "String":
      return (value) => (typeof value === "string" ? undefined : "text");
    case "DateTime":
      return (value) => (isDateTime(value) ? undefined : "a time in UTC as 2026-02-24 10:00:00");
    case "Decimal(10, 2)":
      return (value) =>
        typeof value === "number" && Math.abs(value) <= MAX_DECIMAL
          ? undefined
          : "an amount with at most 8 digits before the point";
    case "Array(String)":
      return (value) =>
        Array.isArray(value) && value.every((item) => typeof item === "string")
          ? undefined
          : "a list of texts";
  }
}

function whole(max: number): Check {
  const expected = `a whole number from 0 to ${max}`;
  return (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max
      ? undefined
      : expected;
}

function isDateTime(value: unknown): boolean {
  if (typeof value !== "string" || value.length !== 19) return false;
  return DATE_TIME.test(value) && value >= FIRST_TIME && value <= LAST_TIME;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
