/** A kind of message that must not be stored: what it is, its bytes, and how the reason begins that is kept with it. */
export interface BadKind {
  kind: string;
  value: Buffer | string;
  error: RegExp;
}

/** A good record of the ranking, with fields changed; an absent one is given as undefined. */
export function record(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    game_id: 730,
    game_name: "Counter-Strike 2",
    current_players: 500_000,
    peak_today: 900_000,
    rank: 1,
    fetch_time: new Date().toISOString().slice(0, 19).replace("T", " "),
    ...changes,
  };
}

const json = (changes: Record<string, unknown>) => JSON.stringify(record(changes));
/** With a value that JSON.stringify would not write. */
const written = (field: string, text: string) =>
  JSON.stringify(record({ [field]: "@" })).replace('"@"', () => text);

/** What is read where a field is missing, by how the reason begins. */
const absent: Record<string, string> = {
  game_id: "is missing, null or 0",
  game_name: "is missing, null or empty",
  current_players: "is missing, null or 0",
  peak_today: "is missing, null or 0",
  rank: "is missing, null or 0",
  fetch_time: "is missing, null or before 1970",
};
const fields = Object.keys(record());

export const badKinds: BadKind[] = [
  { kind: "text that is not JSON", value: "hello", error: /Cannot parse input/ },
  { kind: "JSON cut off", value: json({}).slice(0, 60), error: /Cannot parse|Cannot read|EOF/i },
  { kind: "a single brace", value: "{", error: /./ },
  { kind: "a JSON number", value: "42", error: /Cannot parse input/ },
  { kind: "a JSON string", value: '"hello"', error: /Cannot parse input/ },
  { kind: "rubbish behind the record", value: `${json({})}rubbish`, error: /Cannot parse input/ },
  { kind: "a good row and a broken one", value: `${json({})}\n{"game_id":`, error: /./ },
  { kind: "a field twice", value: written("rank", '1,"rank":2'), error: /Duplicate field/ },
  { kind: "a word for a number", value: json({ rank: "first" }), error: /rank/ },
  { kind: "an empty string for a number", value: json({ rank: "" }), error: /rank/ },
  { kind: "true for a number", value: json({ rank: true }), error: /rank/ },
  { kind: "a list for a number", value: json({ rank: [1] }), error: /rank/ },
  { kind: "an object for a number", value: json({ rank: { a: 1 } }), error: /rank/ },
  { kind: "a number for a name", value: json({ game_name: 7 }), error: /game_name/ },
  { kind: "an object for a name", value: json({ game_name: { en: "x" } }), error: /game_name/ },
  { kind: "a list for a name", value: json({ game_name: ["x"] }), error: /game_name/ },
  { kind: "a date that is not", value: json({ fetch_time: "2026-02-30 10:00:00" }), error: /date/ },
  {
    kind: "a month that is not",
    value: json({ fetch_time: "2026-13-01 10:00:00" }),
    error: /date/,
  },
  { kind: "a word for a time", value: json({ fetch_time: "yesterday" }), error: /fetch_time/ },
  { kind: "UTF-16", value: Buffer.from(json({}), "utf16le"), error: /./ },
  { kind: "gzip without the broker's knowing", value: Buffer.from([31, 139, 8, 0, 1]), error: /./ },
  {
    kind: "a megabyte of rubbish",
    value: Buffer.alloc(900_000, "x"),
    error: /Cannot parse input/,
  },
  ...fields.map((field) => ({
    kind: `${field} missing`,
    value: json({ [field]: undefined }),
    error: new RegExp(`^Contract: ${field} ${absent[field]}$`),
  })),
  ...fields.map((field) => ({
    kind: `${field} null`,
    value: json({ [field]: null }),
    error: new RegExp(`^Contract: ${field} ${absent[field]}$`),
  })),
  {
    kind: "an empty object",
    value: "{}",
    error: /^Contract: (\w+ is missing[^;]*(; |$)){6}$/,
  },
  {
    kind: "a number above UInt16",
    value: json({ rank: 65_537 }),
    error: /^Contract: rank cannot be 65537$/,
  },
  {
    kind: "a number above UInt32",
    value: json({ game_id: 4_294_967_297 }),
    error: /^Contract: game_id cannot be 4294967297$/,
  },
  {
    kind: "a number above UInt64",
    value: written("current_players", "18446744073709551617"),
    error: /^Contract: current_players cannot be/,
  },
  { kind: "game_id 0", value: json({ game_id: 0 }), error: /^Contract: game_id is .* or 0$/ },
  { kind: "minus nought", value: written("rank", "-0"), error: /^Contract: rank / },
  {
    kind: "an empty name",
    value: json({ game_name: "" }),
    error: /^Contract: game_name is .* empty$/,
  },
  {
    kind: "a number far out of range",
    value: written("game_id", "1e300"),
    error: /^Contract: game_id cannot be 1e300$/,
  },
  { kind: "a negative number", value: json({ rank: -1 }), error: /^Contract: rank cannot be -1$/ },
  { kind: "a fraction", value: json({ rank: 1.5 }), error: /^Contract: rank cannot be 1.5$/ },
  { kind: "not a number", value: written("rank", "NaN"), error: /^Contract: rank cannot be nan$/ },
  { kind: "infinity", value: written("rank", "1e400"), error: /rank/ },
  {
    kind: "invalid UTF-8",
    value: Buffer.concat([
      Buffer.from(json({ game_name: "@" }).split("@")[0] ?? ""),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(json({ game_name: "@" }).split("@")[1] ?? ""),
    ]),
    error: /^Contract: game_name cannot be/,
  },
  {
    kind: "a time before Steam",
    value: json({ fetch_time: "1999-01-01 00:00:00" }),
    error: /^Contract: fetch_time cannot be/,
  },
  {
    kind: "a time before 1970",
    value: json({ fetch_time: "1950-01-01 00:00:00" }),
    error: /^Contract: fetch_time is missing, null or before 1970$/,
  },
  {
    kind: "a time that is to come",
    value: json({ fetch_time: "2100-01-01 00:00:00" }),
    error: /^Contract: fetch_time cannot be/,
  },
];
