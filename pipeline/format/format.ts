import type { Row, Table } from "../table";
import { avro } from "./avro";
import { jsonEachRow } from "./json";
import { protobuf } from "./protobuf";
import { csv, tsv } from "./separated";

export const formatNames = ["JSONEachRow", "CSV", "TSV", "Avro", "Protobuf"] as const;
/** The names that `kafka_format` of a Kafka table has for them. */
export type FormatName = (typeof formatNames)[number];

/** Makes a message of one record, or of several of the same partition. */
export type Encode = (rows: readonly Row[]) => string | Buffer;

/** How records of `table` are written in that format. */
export function encoderOf(name: FormatName, table: Table): Encode {
  switch (name) {
    case "JSONEachRow":
      return jsonEachRow();
    case "CSV":
      return csv(table);
    case "TSV":
      return tsv(table);
    case "Avro":
      return avro(table);
    case "Protobuf":
      return protobuf(table);
  }
}
