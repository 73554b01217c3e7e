import { basename } from "node:path";
import { backfill } from "../../pipeline/backfill/backfill";
import { printRows } from "../../pipeline/backfill/print";
import { createLog } from "../../pipeline/log";
import { readOptions } from "../../pipeline/options";
import { gameDetails, topGames } from "../../pipeline/record";
import type { Table } from "../../pipeline/table";
import type { Target } from "./produce-target";
import type { Progress } from "./progress";
import { alignTable } from "./table";
import { UserError } from "./user-error";

const tables: readonly Table[] = [topGames, gameDetails];
const BAR_WIDTH = 24;

export interface FileArgs {
  input: string;
  table: string | undefined;
  topic: string | undefined;
  target: Target;
}

/** Sends a file's rows, with a bar as it goes on, and gives what to print at the end. */
export async function sendFile(
  { workers, ...args }: FileArgs & { workers: number },
  progress: Progress,
): Promise<{ text: string; succeeded: boolean }> {
  const { table, topic, input, kafka } = wantedOf(args);
  const startedAt = Date.now();
  const result = await progress.step(`sending ${basename(input)}`, (say) => {
    const log = createLog("warn", "text", (line) => progress.note(line.trimEnd()));
    return backfill({ file: input, table, topic, kafka, workers }, log, (share, acked) =>
      say(bar(share, acked, Date.now() - startedAt)),
    );
  });
  const ms = Date.now() - startedAt;
  const { acked, failed, invalid, faults, partitions, error } = result;
  const rows = Object.entries(partitions).map(([partition, { records, first, last }]) => [
    partition,
    String(records),
    `${first} to ${last}`,
  ]);
  const text = [
    ...alignTable([["partition", "acknowledged", "offsets"], ...rows], [0, 1]),
    `${acked} rows to ${topic} in ${(ms / 1000).toFixed(1)} s, ${Math.round((acked / Math.max(1, ms)) * 1000)} a second`,
    ...(invalid > 0 ? [`${invalid} rows do not fit ${table.name} and are left out:`] : []),
    ...faults.map((fault) => `  ${fault}`),
    ...(failed > 0 ? [`${failed} rows were not acknowledged`] : []),
    ...(error === undefined ? [] : [`stopped: ${error}`]),
  ];
  return { text: `${text.join("\n")}\n`, succeeded: error === undefined && invalid + failed === 0 };
}

/** Prints the messages that a file's rows make. Gives whether all of them fit the table. */
export function printFile(args: FileArgs, print: (message: string | Buffer) => void): boolean {
  const { table, input, kafka } = wantedOf(args);
  const faults = printRows(input, table, kafka, print);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0;
}

function wantedOf({ input, table: name = topGames.name, topic, target }: FileArgs) {
  const table = tables.find((candidate) => candidate.name === name);
  if (!table) {
    throw new UserError("USAGE", `--table: there is no table ${JSON.stringify(name)}`, {
      fix: `use one of ${tables.map((candidate) => candidate.name).join(", ")}`,
    });
  }
  const own = target.environment[table === topGames ? "TOP_GAMES_TOPIC" : "GAME_DETAILS_TOPIC"];
  const { kafka } = readOptions(target.environment).options;
  return { table, input, topic: topic ?? own ?? "", kafka };
}

function bar(share: number, acked: number, ms: number): string {
  const full = Math.min(BAR_WIDTH, Math.round(share * BAR_WIDTH));
  const drawn = "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
  const rate = Math.round((acked / Math.max(1, ms)) * 1000);
  return `${drawn} ${Math.floor(share * 100)} %, ${acked.toLocaleString("en")} rows, ${rate.toLocaleString("en")}/s`;
}
