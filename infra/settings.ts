/** How one config key is read: its value from text, or what is allowed instead. */
export interface Reader<T> {
  allowed: string;
  /** The value, or undefined where `text` is not one. */
  read(text: string): T | undefined;
}

/** Every fault of a stack's config at once. The message names each key, its value and what is allowed. */
export class ConfigError extends Error {
  readonly code = "CONFIG_INVALID";
  constructor(readonly faults: readonly string[]) {
    super(
      `The stack's config has ${faults.length} fault${faults.length === 1 ? "" : "s"}:\n${faults.map((f) => `  - ${f}`).join("\n")}`,
    );
  }
}

export function integer(min: number, max: number): Reader<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    read: (text) => {
      const value = Number(text);
      return /^-?\d+$/.test(text) && value >= min && value <= max ? value : undefined;
    },
  };
}

export function flag(): Reader<boolean> {
  return {
    allowed: "true or false",
    read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  };
}

export function oneOf<const T extends string>(...values: T[]): Reader<T> {
  return {
    allowed: values.map((v) => (v === "" ? "empty" : v)).join(" or "),
    read: (text) => values.find((v) => v === text),
  };
}

/** An image reference as `name[:tag][@sha256:digest]`, or empty. */
export function imageReference(): Reader<string> {
  const form = /^[a-z0-9][a-z0-9._/:-]*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
  return {
    allowed: "empty, or an image as name:tag, optionally with @sha256:digest",
    read: (text) => (text === "" || form.test(text) ? text : undefined),
  };
}

export function text(): Reader<string> {
  return { allowed: "any text", read: (value) => value };
}

export type Readers = Record<string, Reader<unknown>>;
export type Values<R extends Readers> = {
  [K in keyof R]: R[K] extends Reader<infer T> ? T : never;
};

/**
 * Reads `raw` by `readers`, adding a fault for each unknown, absent or ill-formed key.
 * Keys with a fault are left out of what it returns.
 */
export function readAll<R extends Readers>(
  readers: R,
  raw: Readonly<Record<string, string>>,
  secretKeys: ReadonlySet<string>,
  faults: string[],
): Partial<Values<R>> {
  for (const key of Object.keys(raw)) {
    if (!(key in readers)) faults.push(`${key}: no such key.${nearest(key, Object.keys(readers))}`);
  }
  const values: Record<string, unknown> = {};
  for (const [key, reader] of Object.entries(readers)) {
    const given = raw[key];
    if (given === undefined) {
      faults.push(`${key}: has no value and no default. Allowed: ${reader.allowed}.`);
      continue;
    }
    const value = reader.read(given);
    const shown = secretKeys.has(key) ? "its value (secret)" : JSON.stringify(given);
    if (value === undefined)
      faults.push(`${key}: ${shown} is not allowed. Allowed: ${reader.allowed}.`);
    else values[key] = value;
  }
  return values as Partial<Values<R>>;
}

function nearest(key: string, known: readonly string[]): string {
  const best = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= 3
    ? ` Did you mean ${best.name}?`
    : ` Pulumi.yaml lists the keys there are.`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
