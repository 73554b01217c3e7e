import pino, { type DestinationStream, type Logger } from "pino";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];
export const logFormats = ["json", "text"] as const;
/** json: one object a line, for machines. text: one line for a person's eyes. */
export type LogFormat = (typeof logFormats)[number];

const NAMES: Readonly<Record<number, string>> = {
  20: "debug",
  30: "info",
  40: "WARN",
  50: "ERROR",
};

/** A logger that writes lines to `write`. */
export function createLog(
  level: LogLevel,
  format: LogFormat,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Logger {
  const destination: DestinationStream = {
    write: format === "json" ? write : (line) => write(readable(line)),
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** A line of JSON as `10:00:00 info  delivered topic=… records=100`. */
function readable(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return ` ${name}=${/\s/.test(text) ? JSON.stringify(text) : text}`;
  });
  const name = (NAMES[Number(level)] ?? "").padEnd(5);
  return `${String(time).slice(11, 19)} ${name} ${String(msg)}${fields.join("")}\n`;
}
