import { expandMacros, type TimeRange } from "./macros";

/** What is chosen for each variable of a dashboard. */
export type Choices = Readonly<Record<string, readonly string[]>>;

/**
 * `sql` as it reaches ClickHouse: the browser's part, variables, and then the backend's, macros.
 * @throws Error for a variable without a choice, a format that is not known, or a macro fault.
 */
export function expand(sql: string, range: TimeRange, choices: Choices): string {
  const chosen = sql.replace(/\$\{(\w+)(?::(\w+))?\}/g, (_, name: string, format?: string) => {
    const values = choices[name];
    if (!values) throw new Error(`there is no variable ${name}`);
    return interpolate(values, format);
  });
  return expandMacros(chosen, range);
}

/** Values as Grafana writes them in a format of a variable. */
function interpolate(values: readonly string[], format: string | undefined): string {
  switch (format) {
    case "csv":
      return values.join(",");
    case "singlequote":
      return values.map((value) => `'${value.replace(/'/g, "\\'")}'`).join(",");
    case undefined:
      if (values.length === 1) return values[0] ?? "";
      throw new Error("a variable with several values needs a format, such as :csv");
    default:
      throw new Error(`the format :${format} is not used here`);
  }
}
