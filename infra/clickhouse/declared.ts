import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { SqlFile } from "./catalog";
import { placeholderNames, renderSql, SqlFileError, type PlaceholderValues } from "./render";
import { secretMessage } from "./rules";
import { sampleValues, withValues } from "./samples";
import type { Understood } from "./scratch";
import { canonicalText } from "./statement";
import { definitionOf } from "./understand";

export type Placeholders = Readonly<Record<string, pulumi.Input<string | number>>>;

/** A file's statement with its values, and the engine's wording of it. */
export interface Declared {
  statement: pulumi.Output<string>;
  definition: pulumi.Output<string>;
}

/** What a named collection or a Kafka table says reaches its readers only when they are made anew. */
export function upstreamOf(
  references: readonly string[],
  catalog: readonly SqlFile[],
  declared: ReadonlyMap<string, Declared>,
): Record<string, pulumi.Output<string>> {
  const kindOf = (name: string) => catalog.find((other) => other.name === name)?.kind ?? "table";
  return Object.fromEntries(
    references
      .filter((name) => ["collection", "kafka"].includes(kindOf(name)))
      .flatMap((name) => {
        const digest = digestOf(name, catalog, declared);
        return digest ? [[name, digest]] : [];
      }),
  );
}

/** Changes whenever the object, or what it follows itself, does. */
function digestOf(
  name: string,
  catalog: readonly SqlFile[],
  declared: ReadonlyMap<string, Declared>,
): pulumi.Output<string> | undefined {
  const own = declared.get(name)?.definition;
  const collections = (catalog.find((file) => file.name === name)?.references ?? []).filter(
    (reference) => catalog.some((file) => file.name === reference && file.kind === "collection"),
  );
  const above = collections.map((collection) => digestOf(collection, catalog, declared));
  return (
    own &&
    pulumi
      .all([own, ...above.map((digest) => pulumi.output(digest ?? ""))])
      .apply((parts) => pulumi.unsecret(pulumi.output(hash(parts.join("\n")))))
  );
}

/** The rendered statement and the engine's wording of it. Secret only where the file holds a secret. */
export function declaredOf(
  file: SqlFile,
  placeholders: Placeholders,
  samples: PlaceholderValues,
  understood: ReadonlyMap<string, Understood>,
): Declared {
  const names = placeholderNames(file.sql);
  const used = Object.fromEntries(names.map((name) => [name, placeholders[name] ?? ""]));
  const values = pulumi
    .all([pulumi.output(used), refuseSecrets(file, used)])
    .apply(([known]) => known as PlaceholderValues);
  const statement = values.apply((known) => canonicalText(renderSql(file.sql, known, file.file)));
  const definition = pulumi
    .all([values, statement])
    .apply(([known, text]) => withValues(definitionOf(file, understood, text), samples, known));
  return { statement, definition };
}

/** Fails where a value that Pulumi keeps secret would stand in a definition that anyone can read. */
function refuseSecrets(file: SqlFile, used: Placeholders): pulumi.Output<boolean> {
  if (file.kind === "collection") return pulumi.output(true);
  const checks = Object.entries(used).map(async ([name, value]) => {
    if (!pulumi.Output.isInstance(value) || !(await pulumi.isSecret(value))) return;
    const line = file.sql.split("\n").findIndex((text) => text.includes(`{${name}:`)) + 1;
    throw new pulumi.RunError(
      new SqlFileError(file.file, Math.max(line, 1), secretMessage(`{${name}}`)).message,
    );
  });
  return pulumi.output(Promise.all(checks).then(() => true));
}

/** Values known at once, and stand-ins for those that are outputs. */
export function plainValues(catalog: readonly SqlFile[], placeholders: Placeholders) {
  const known: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(placeholders)) {
    if (typeof value === "string" || typeof value === "number") known[name] = value;
  }
  const unknown = Object.keys(placeholders).filter((name) => !(name in known));
  return {
    known,
    samples: sampleValues(
      catalog.map(({ sql }) => sql),
      unknown,
    ),
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
