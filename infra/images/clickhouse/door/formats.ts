/** Content types as the official server sends them, by format; text otherwise. */
const CONTENT_TYPES: [RegExp, string][] = [
  [
    /^(JSONEachRow|JSONCompactEachRow|JSONStringsEachRow|JSONLines|NDJSON|JSONCompactStringsEachRow)/,
    "application/x-ndjson; charset=UTF-8",
  ],
  [/^JSON/, "application/json; charset=UTF-8"],
  [/^CSVWithNames/, "text/csv; charset=UTF-8; header=present"],
  [/^CSV/, "text/csv; charset=UTF-8; header=absent"],
  [/^(TabSeparated|TSV|Raw)/, "text/tab-separated-values; charset=UTF-8"],
  [/^XML$/, "application/xml; charset=UTF-8"],
  [
    /^(Native|RowBinary|Parquet|Arrow|ORC|Avro|Protobuf|MsgPack|BSON|Npy)/,
    "application/octet-stream",
  ],
];

export function contentType(format: string): string {
  return CONTENT_TYPES.find(([form]) => form.test(format))?.[1] ?? "text/plain; charset=UTF-8";
}

/**
 * Formats whose chunks, put one behind the other, are the answer. The engine closes every other format with each
 * chunk (brackets, names, commas), so those come in one piece.
 */
const STREAMING =
  /^(JSONEachRow|JSONLines|NDJSON|JSONCompactEachRow|JSONStringsEachRow|JSONCompactStringsEachRow|TabSeparated|TSV|TabSeparatedRaw|TSVRaw|Raw|TSKV|CSV|RowBinary|Native|RawBLOB|MsgPack|Null)$/;

export function streams(format: string): boolean {
  return STREAMING.test(format);
}
