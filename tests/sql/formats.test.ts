import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { query } from "chdb";
import { afterAll, describe, expect, it } from "vitest";
import { parseTable } from "../../infra/clickhouse/definition";
import { encoderOf, formatNames, type FormatName } from "../../pipeline/format/format";
import { protobufSchema, messageName } from "../../pipeline/format/protobuf";
import { gameDetails, topGames, type GameDetailsRecord } from "../../pipeline/record";
import { keyOf, type Row, type Table } from "../../pipeline/table";

const dir = mkdtempSync(join(tmpdir(), "formats-"));
afterAll(() => rmSync(dir, { recursive: true }));

const details: GameDetailsRecord[] = [
  {
    game_id: 730,
    game_name: 'Counter-Strike 2 "CS", 绝地\tx\n\\',
    genres: ["Action", "Free To Play", "it's, \\"],
    original_price: 59.99,
    final_price: 0.01,
    discount_percent: 99,
    currency: "USD",
    review_score: 8,
    fetch_time: "2026-10-25 01:30:00",
  },
  {
    game_id: 4_294_967_295,
    game_name: "",
    genres: [],
    original_price: 0,
    final_price: 99_999_999.99,
    discount_percent: 0,
    currency: "",
    review_score: 0,
    fetch_time: "2026-03-29 02:30:00",
  },
];

const sqlOf = (name: string) =>
  readFileSync(join(__dirname, `../../sql/${name}.sql`), "utf8").replace(/^--.*\n/gm, "");

/** The columns that the Kafka table before `table` reads. */
const columnsRead = (table: Table) => parseTable(sqlOf(`kafka_${table.name}`)).columns;

/** The records that the Kafka table reads out of a message. */
function readBack(format: FormatName, table: Table, rows: readonly Row[]): unknown[] {
  const file = join(dir, `message.${format}`);
  writeFileSync(file, encoderOf(format, table)(rows));
  const structure = columnsRead(table)
    .map(({ name, type }) => `${name} ${type}`)
    .join(", ");
  const schemaFile = join(dir, `${table.name}.proto`);
  writeFileSync(schemaFile, protobufSchema(table));
  const schema =
    format === "Protobuf" ? `, format_schema = '${schemaFile}:${messageName(table.name)}'` : "";
  const settings = `output_format_json_quote_decimals = 0, output_format_json_quote_64bit_integers = 0, session_timezone = 'UTC'${schema}`;
  const lines = query(
    `SELECT * FROM file('${file}', '${format}', '${structure}') SETTINGS ${settings}`,
    "JSONEachRow",
  );
  return lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe.each(formatNames)("%s", (format) => {
  it("says what the engine reads, one record a message or several", () => {
    expect(readBack(format, gameDetails, details)).toEqual(details);
    expect(readBack(format, gameDetails, details.slice(0, 1))).toEqual(details.slice(0, 1));
  });
});

describe.each([topGames, gameDetails])("kafka_$name", (table) => {
  it("reads the columns of its table", () => {
    const read = columnsRead(table).map(({ name }) => name);
    expect(read).toEqual(table.columns.map(({ name }) => name));
  });
});

describe("keyOf", () => {
  it("is the key column's value, as text", () => {
    expect(keyOf(gameDetails, details[0]!)).toBe("730");
  });
});
