/** What a panel is asked for. */
export interface TimeRange {
  from: Date;
  to: Date;
  /** Width of a point, as Grafana derives it from the panel's width. */
  intervalMs: number;
}

type Macro = (args: readonly string[], range: TimeRange) => string;

const dateTime = (time: Date) => `toDateTime(${Math.floor(time.getTime() / 1000)})`;
const dateTime64 = (time: Date) => `fromUnixTimestamp64Milli(${time.getTime()})`;
const date = (time: Date) => `toDate('${time.toISOString().slice(0, 10)}')`;
const seconds = ({ intervalMs }: TimeRange) => Math.max(1, Math.floor(intervalMs / 1000));
const within = (column: string, { from, to }: TimeRange, literal: (time: Date) => string) =>
  `${column} >= ${literal(from)} AND ${column} <= ${literal(to)}`;

const QUOTED_OR_COMMENT =
  /'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|\$(\w*)\$[^]*?\$\1\$|--[^\n]*|\/\*[^]*?\*\//g;

const DURATION_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** The macros that the plugin's backend expands, by name, with how many arguments each takes. */
const MACROS: Readonly<Record<string, readonly [arity: number, macro: Macro]>> = {
  fromTime: [0, (_, range) => dateTime(range.from)],
  toTime: [0, (_, range) => dateTime(range.to)],
  fromTime_ms: [0, (_, range) => dateTime64(range.from)],
  toTime_ms: [0, (_, range) => dateTime64(range.to)],
  interval_s: [0, (_, range) => String(seconds(range))],
  timeFrom: [1, ([column = ""], range) => `${column} >= ${dateTime(range.from)}`],
  timeTo: [1, ([column = ""], range) => `${column} <= ${dateTime(range.to)}`],
  timeFilter: [1, ([column = ""], range) => within(column, range, dateTime)],
  timeFilter_ms: [1, ([column = ""], range) => within(column, range, dateTime64)],
  dateFilter: [1, ([column = ""], range) => within(column, range, date)],
  dateTimeFilter: [2, dateTimeFilter],
  dt: [2, dateTimeFilter],
  timeInterval: [1, ([column = ""], range) => startOfInterval(column, seconds(range))],
  timeInterval_ms: [
    1,
    ([column = ""], { intervalMs }) =>
      `toStartOfInterval(toDateTime64(${column}, 3), INTERVAL ${Math.max(1, Math.floor(intervalMs))} millisecond)`,
  ],
  timeGroup: [2, ([column = "", period = ""]) => startOfInterval(column, durationSeconds(period))],
};

/**
 * `sql` as the ClickHouse plugin sends it for `range`: comments gone, macros expanded, inner ones first.
 * @throws Error for a macro that the backend does not know, or that has other arguments than it takes.
 */
export function expandMacros(sql: string, range: TimeRange): string {
  let expanded = withoutComments(sql);
  // The last macro of a text has none within its arguments.
  for (;;) {
    const start = expanded.lastIndexOf("$__");
    if (start === -1) return expanded;
    const name = /^\w+/.exec(expanded.slice(start + 3))?.[0] ?? "";
    const [arity, macro] = MACROS[name] ?? [];
    if (arity === undefined || !macro) throw new Error(`$__${name} is not a macro of the backend`);
    const nameEnd = start + 3 + name.length;
    const call = arity > 0 ? argumentsAt(expanded, nameEnd) : { args: [], end: nameEnd };
    if (call.args.length !== arity) {
      throw new Error(`$__${name} takes ${arity} argument(s), not ${call.args.length}`);
    }
    expanded = expanded.slice(0, start) + macro(call.args, range) + expanded.slice(call.end);
  }
}

function dateTimeFilter([day = "", time = ""]: readonly string[], range: TimeRange): string {
  return `(${within(day, range, date)}) AND (${within(time, range, dateTime)})`;
}

function startOfInterval(column: string, width: number): string {
  return `toStartOfInterval(toDateTime(${column}), INTERVAL ${width} second)`;
}

function durationSeconds(period: string): number {
  const [, count = "", unit = ""] = /^['"]?(\d+)([smh])['"]?$/.exec(period) ?? [];
  const width = Number(count) * (DURATION_SECONDS[unit] ?? 0);
  if (width <= 0) throw new Error(`$__timeGroup: ${period} is no duration such as 5m`);
  return width;
}

/** The arguments in the brackets that follow, and where those end. None where no bracket follows. */
function argumentsAt(sql: string, at: number): { args: string[]; end: number } {
  if (sql[at] !== "(") return { args: [], end: at };
  const args: string[] = [];
  let from = at + 1;
  let depth = 0;
  for (let i = at; i < sql.length; i++) {
    i = quotedEnd(sql, i);
    const char = sql[i];
    if (char === "(") depth++;
    else if (char === ")") depth--;
    if (depth === 0 || (depth === 1 && char === ",")) {
      const arg = sql.slice(from, i).trim();
      if (arg !== "" || args.length > 0) args.push(arg);
      from = i + 1;
    }
    if (depth === 0) return { args, end: i + 1 };
  }
  throw new Error(`the bracket of ${sql.slice(at, at + 20)} is not closed`);
}

/** Where a quoted part that begins at `i` ends; `i` itself where none begins. */
function quotedEnd(sql: string, i: number): number {
  QUOTED_OR_COMMENT.lastIndex = i;
  const found = QUOTED_OR_COMMENT.exec(sql);
  return found?.index === i ? i + found[0].length - 1 : i;
}

function withoutComments(sql: string): string {
  return sql.replace(QUOTED_OR_COMMENT, (part) => (/^(--|\/\*)/.test(part) ? "" : part));
}
