/** What the command line asks for. */
export interface ClientOptions {
  queries: string[];
  queryFiles: string[];
  host: string;
  port: number;
  user: string;
  password: string;
  database: string | undefined;
  format: string | undefined;
  multiline: boolean;
  time: boolean;
  ignoreError: boolean;
  echo: boolean;
  show: "help" | "version" | undefined;
  /** Values of `{name:Type}`, from `--param_name`. */
  params: Record<string, string>;
  /** Everything else that has a value, such as `--max_threads=1`. */
  settings: Record<string, string>;
}

/** The HTTP port. The embedded engine has no native protocol, so the native port's number means this one, too. */
const HTTP_PORT = 8123;
const NATIVE_PORT = 9000;

const LONG_OF: Record<string, string> = {
  q: "query",
  f: "format",
  E: "vertical",
  u: "user",
  h: "host",
  d: "database",
  t: "time",
  V: "version",
  m: "multiline",
  n: "multiquery",
};
const FLAGS = new Set(
  "help version vertical multiline multiquery time progress echo ignore-error stacktrace interactive verbose secure highlight disable_suggestion no-warnings memory-usage".split(
    " ",
  ),
);
const WITH_VALUE = new Set(
  "query queries-file host port user password database format output-format config-file history_file query_id".split(
    " ",
  ),
);

/** A command line that makes no sense. */
export class OptionError extends Error {}

/** @throws OptionError for what is not an option, or lacks its value. */
export function parseOptions(argv: readonly string[]): ClientOptions {
  const options: ClientOptions = {
    queries: [],
    queryFiles: [],
    host: "localhost",
    port: HTTP_PORT,
    user: "default",
    password: "",
    database: undefined,
    format: undefined,
    multiline: false,
    time: false,
    ignoreError: false,
    echo: false,
    show: undefined,
    params: {},
    settings: {},
  };
  const rest = [...argv];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const { name, value } = split(arg);
    if (FLAGS.has(name)) setFlag(options, name, value);
    else setValue(options, name, value ?? valueAfter(name, rest));
  }
  return options;
}

function split(arg: string): { name: string; value: string | undefined } {
  const long = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(arg);
  if (long) return { name: long[1] ?? "", value: long[2] };
  const short = /^-([a-zA-Z])([\s\S]*)$/.exec(arg);
  const name = LONG_OF[short?.[1] ?? ""];
  if (!short || name === undefined) throw new OptionError(`Unrecognized option '${arg}'`);
  return { name, value: short[2] === "" ? undefined : short[2] };
}

function valueAfter(name: string, rest: string[]): string {
  const isSetting = !WITH_VALUE.has(name) && !name.startsWith("param_");
  const next = rest[0];
  // A setting without a value is switched on.
  if (isSetting && (next === undefined || next.startsWith("-"))) return "1";
  // As the real client has it, `--password` with nothing behind it would ask.
  if (next === undefined) throw new OptionError(`The argument for option '--${name}' is missing`);
  rest.shift();
  return next;
}

function setFlag(options: ClientOptions, name: string, value: string | undefined): void {
  if (value === "0" || value === "false" || value === "off") return;
  if (name === "help" || name === "version") options.show = name;
  if (name === "vertical") options.format = "Vertical";
  if (name === "multiline") options.multiline = true;
  if (name === "time") options.time = true;
  if (name === "echo") options.echo = true;
  if (name === "ignore-error") options.ignoreError = true;
}

function setValue(options: ClientOptions, name: string, value: string): void {
  if (name === "query") options.queries.push(value);
  else if (name === "queries-file") options.queryFiles.push(value);
  else if (name === "host") options.host = value;
  else if (name === "port") options.port = portOf(value);
  else if (name === "user") options.user = value;
  else if (name === "password") options.password = value;
  else if (name === "database") options.database = value;
  else if (name === "format" || name === "output-format") options.format = value;
  else if (name.startsWith("param_")) options.params[name.slice("param_".length)] = value;
  else if (!WITH_VALUE.has(name)) options.settings[name.replace(/-/g, "_")] = value;
}

function portOf(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new OptionError(`The argument ('${value}') for option '--port' is invalid`);
  return port === NATIVE_PORT ? HTTP_PORT : port;
}

export const HELP = `clickhouse-client: a look-alike that speaks HTTP to the embedded engine.

  -q, --query TEXT         statements to run; may be given several times
      --queries-file FILE  statements from a file
  -h, --host HOST          default localhost
      --port PORT          the HTTP port, default ${HTTP_PORT}
  -u, --user NAME          default "default"
      --password TEXT
  -d, --database NAME
  -f, --format NAME        default TabSeparated, on a terminal PrettyCompact
  -E, --vertical           as --format Vertical
  -m, --multiline          interactive: a statement ends with a semicolon, not with the line
  -n, --multiquery         several statements are always allowed
  -t, --time               prints seconds to standard error
      --param_NAME VALUE   value of {NAME:Type}
      --SETTING VALUE      any setting of the engine
      --ignore-error       goes on after a statement that failed
      --echo               prints each statement before it runs
  -V, --version
      --help

Without --query, statements come from standard input, or from the prompt on a terminal.
`;
