import { tokenize } from "./lexer";
import { parsePlaceholder, quoteString, type PlaceholderValues } from "./render";

/** First of the numbers that stand in for those not known yet; far from any that a statement holds. */
const FIRST_NUMBER = 4_000_000_001;

/** Stand-ins for placeholders whose values are known only later. They survive the engine word for word. */
export function sampleValues(
  sqls: readonly string[],
  unknown: readonly string[],
): Record<string, string | number> {
  const types = new Map<string, string>();
  for (const token of sqls.flatMap(tokenize)) {
    if (token.kind !== "placeholder") continue;
    const { name, type } = parsePlaceholder(token);
    types.set(name, type);
  }
  return Object.fromEntries(
    unknown.map((name, i) => [
      name,
      types.get(name) === "UInt64" ? FIRST_NUMBER + i : `steamline_sample_${name}`,
    ]),
  );
}

/** `text` with real values where `samples` stood in for them. */
export function withValues(
  text: string,
  samples: PlaceholderValues,
  values: PlaceholderValues,
): string {
  return Object.entries(samples).reduce((sofar, [name, sample]) => {
    const value = values[name];
    if (value === undefined) return sofar;
    if (typeof sample === "number") return sofar.replaceAll(String(sample), String(value));
    return sofar
      .replaceAll(quoteString(sample), quoteString(String(value)))
      .replaceAll(sample, String(value));
  }, text);
}
