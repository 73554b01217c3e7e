import { readFileSync } from "node:fs";
import { z } from "zod";
import { PipelineError, messageOf } from "./errors";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable whose text `read` turns into a value, or into undefined where it is not `allowed`. */
export function variable<T>(allowed: string, read: (text: string) => T | undefined) {
  return z.string({ error: allowed }).transform((text, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: allowed });
    return z.NEVER;
  });
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number) {
  return variable(`a whole number from ${min} to ${max}`, (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
  });
}

/** One of these words. */
export function oneOf<const T extends string>(values: readonly T[]) {
  return variable(values.join(" or "), (text) => values.find((value) => value === text));
}

/** The path of a file that holds one word, which is the value. It is never shown. */
export function secretFile() {
  return file("a file with one word in it", (text) => {
    const secret = text.trim();
    return /^[\x21-\x7e]+$/.test(secret) ? secret : undefined;
  });
}

/** The path of a file, whose text `read` turns into the value. */
export function file<T>(allowed: string, read: (text: string) => T | undefined) {
  return z.string({ error: allowed }).transform((path, context): T => {
    let fault = "this one holds something else";
    try {
      const value = read(readFileSync(path, "utf8"));
      if (value !== undefined) return value;
    } catch (error) {
      fault = messageOf(error);
    }
    context.addIssue({ code: "custom", message: `${allowed} (${fault})` });
    return z.NEVER;
  });
}

/** A topic's name. */
export function topic() {
  return variable(
    "a topic's name: 1 to 249 letters, digits, dots, underscores and dashes",
    (text) => (/^[\w.-]{1,249}$/.test(text) && text !== "." && text !== ".." ? text : undefined),
  );
}

/** An http or https address. It comes without a slash at its end. */
export function address() {
  return variable("an http:// or https:// address", (text) =>
    /^https?:\/\/[^/\s]+/.test(text) && URL.canParse(text) ? text.replace(/\/+$/, "") : undefined,
  );
}

/**
 * Reads the variables that `schema` names. An empty variable counts as absent.
 *
 * @throws PipelineError OPTIONS_INVALID naming every faulty variable, its value and what is allowed.
 */
export function readEnvironment<T extends z.ZodObject>(
  schema: T,
  environment: Environment,
): z.output<T> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, environment[name] || undefined]),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw optionsInvalid(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const value = given[name];
      return value === undefined
        ? `${name} is not set. Allowed: ${issue.message}.`
        : `${name}: ${JSON.stringify(value)} is not allowed. Allowed: ${issue.message}.`;
    }),
  );
}

/** The error for these faults of the environment. */
export function optionsInvalid(faults: readonly string[]): PipelineError {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new PipelineError(
    "OPTIONS_INVALID",
    `The environment has ${count}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    { faults },
  );
}
