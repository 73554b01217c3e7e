import { parseArgs } from "node:util";
import { UserError } from "./user-error";

export interface Option {
  type: "string" | "boolean";
  short?: string;
  /** Name of the value in the help text. */
  value?: string;
  description: string;
}

export type Options = Readonly<Record<string, Option>>;

export interface Arguments {
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A whole number of at least `min`. @throws UserError (USAGE) for anything else. */
  count(name: string, fallback: number, min?: number): number;
  /** Everything that is no option of the command, in the order given. */
  rest: string[];
}

/**
 * Takes a command's own options out of `argv` and leaves the rest for the program it calls.
 * @throws UserError (USAGE) for an own option without its value, or, unless `passOn`, for anything unknown.
 */
export function readArguments(
  argv: readonly string[],
  options: Options,
  passOn: boolean,
): Arguments {
  const known = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [
      name,
      short ? { type, short } : { type },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string | true>();
  const taken = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = options[token.name];
    if (!option) continue;
    const given = token.value ?? "";
    // A word that looks like the next option is no value, unless it is tied on with `=`.
    const absent = given === "" || (!token.inlineValue && given.startsWith("-"));
    if (option.type === "string" && absent) {
      throw new UserError("USAGE", `${token.rawName} needs a value`, {
        fix: `write ${token.rawName} ${option.value ?? "VALUE"}`,
      });
    }
    if (option.type === "boolean" && token.value !== undefined && token.value !== "true") continue;
    values.set(token.name, option.type === "string" ? given : true);
    taken.add(token.index);
    if (option.type === "string" && !token.inlineValue) taken.add(token.index + 1);
  }
  const rest = argv.filter((argument, i) => !taken.has(i) && argument !== "--");
  const unknown = rest[0];
  if (!passOn && unknown !== undefined) {
    throw new UserError("USAGE", `${unknown} is not known here`, {
      fix: "--help lists the options",
    });
  }
  const text = (name: string) => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  return {
    text,
    flag: (name) => values.get(name) === true,
    count: (name, fallback, min = 1) => wholeNumber(name, text(name), fallback, min),
    rest,
  };
}

function wholeNumber(
  name: string,
  text: string | undefined,
  fallback: number,
  min: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min) return value;
  throw new UserError(
    "USAGE",
    `--${name}: ${JSON.stringify(text)} is no whole number from ${min}`,
    {
      fix: `write --${name} ${fallback}, for instance`,
    },
  );
}

/** The options as the help text lists them. */
export function describeOptions(options: Options): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const short = option.short ? `-${option.short}, ` : "";
    const value = option.type === "string" ? ` ${option.value ?? "VALUE"}` : "";
    return [`  ${short}--${name}${value}`, option.description] as const;
  });
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`).join("\n");
}

export const stackOption: Options = {
  stack: {
    type: "string",
    short: "s",
    value: "NAME",
    description: "the stack; by default PULUMI_STACK, else dev",
  },
};
