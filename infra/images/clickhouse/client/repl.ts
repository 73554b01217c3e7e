import { createInterface, type Interface } from "node:readline";
import { homedir } from "node:os";
import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { wordError, type Streams } from "./batch";
import { ServerError, type Connection } from "./connection";
import type { ClientOptions } from "./options";
import { isComplete, splitStatements, type Piece } from "./split";

const PROMPT = "clickhouse :) ";
const CONTINUED = ":-] ";
const LEAVE = /^\s*(exit|quit|logout|q|\\q|:q)\s*;?\s*$/i;
const HISTORY_SIZE = 1_000;

/**
 * The prompt. A statement ends with its line or, with --multiline, with a semicolon. Ctrl-C stops a query or
 * empties the line; Ctrl-D and `exit` leave.
 */
export async function runInteractive(
  connection: Connection,
  options: ClientOptions,
  format: string,
  streams: Streams,
): Promise<number> {
  const historyFile = join(homedir(), ".clickhouse-client-history");
  const lines = createInterface({
    input: streams.in,
    output: streams.out,
    prompt: PROMPT,
    history: readHistory(historyFile),
    historySize: HISTORY_SIZE,
  });
  let history: string[] = [];
  lines.on("history", (now) => (history = now));
  let running: AbortController | undefined;
  let text = "";
  const ask = () => {
    lines.setPrompt(text === "" ? PROMPT : CONTINUED);
    lines.prompt();
  };
  lines.on("SIGINT", () => {
    if (running) return running.abort();
    text = "";
    streams.out.write("\n");
    ask();
  });
  ask();
  for await (const line of lines) {
    if (text === "" && LEAVE.test(line)) break;
    text += `${line}\n`;
    if (text.trim() !== "" && (!options.multiline || isComplete(text))) {
      const statements = splitStatements(text);
      text = "";
      running = new AbortController();
      await runHere(statements, connection, format, streams, running.signal);
      running = undefined;
    } else if (text.trim() === "") text = "";
    ask();
  }
  close(lines, historyFile, history);
  streams.out.write("Bye.\n");
  return 0;
}

async function runHere(
  pieces: readonly Piece[],
  connection: Connection,
  format: string,
  streams: Streams,
  signal: AbortSignal,
): Promise<void> {
  for (const piece of pieces) {
    try {
      const { rows, bytes, seconds } = await connection.send({
        statement: piece.text,
        data: undefined,
        format: piece.vertical ? "Vertical" : format,
        out: streams.out,
        signal,
      });
      const count = `${rows} row${rows === 1 ? "" : "s"} in set.`;
      streams.out.write(
        `\n${bytes === 0 ? "Ok.\n\n" : ""}${count} Elapsed: ${seconds.toFixed(3)} sec.\n\n`,
      );
    } catch (error) {
      if (error instanceof ServerError) streams.out.write(`\n${wordError(error, piece.text)}\n`);
      else if (signal.aborted) streams.out.write("\nQuery was cancelled.\n\n");
      else throw error;
      return;
    }
  }
}

function readHistory(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

function close(lines: Interface, file: string, history: readonly string[]): void {
  lines.close();
  try {
    if (history.length > 0) writeFileSync(file, history.join("\n"), { mode: 0o600 });
  } catch {
    // A home that cannot be written to has no history.
  }
}
