import type { Encode } from "./format";

/** One JSON object a line. */
export function jsonEachRow(): Encode {
  return (rows) => {
    const [first] = rows;
    if (rows.length === 1 && first) return JSON.stringify(first);
    return rows.map((row) => JSON.stringify(row)).join("\n");
  };
}
