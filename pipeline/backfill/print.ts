import { encoderOf } from "../format/format";
import type { KafkaOptions } from "../kafka-options";
import type { Table } from "../table";
import { chunksOf } from "./lines";
import { isCsv, readerOf } from "./part";

/** Prints the message that each row of a file makes, and gives what is wrong with the others. */
export function printRows(
  file: string,
  table: Table,
  { format }: Pick<KafkaOptions, "format">,
  print: (message: string | Buffer) => void,
): string[] {
  const reader = readerOf(file, table);
  const encode = encoderOf(format, table);
  const faults: string[] = [];
  let number = 0;
  for (const lines of chunksOf(file))
    for (const line of lines) {
      number++;
      if ((number === 1 && isCsv(file)) || line.start === line.end) continue;
      const { row, fault } = reader.read(line);
      if (row) print(encode([row]));
      else faults.push(`line ${number}: ${fault}`);
    }
  return faults;
}
