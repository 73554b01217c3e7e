import type { ClickhouseEngine } from "../engine-config";
import type { SqlFile } from "./catalog";
import { parseTable } from "./definition";
import { significant, tokenize } from "./lexer";
import { parsePlaceholder, renderSql, type PlaceholderValues } from "./render";
import { clusterOf } from "./scratch-statement";
import { collectionSettings } from "./statement";
import type { Finding } from "./validate";

export interface RuleOptions {
  engine: ClickhouseEngine;
  /** Partitions of each topic, where known: no group can use more consumers. */
  partitions?: number;
}

/** Clusters that the embedded engine knows: itself. */
const EMBEDDED_CLUSTERS = ["default", "cluster_name"];
/** The key that makes a consumer a static member of its group. */
const INSTANCE_ID = "kafka.group_instance_id";

/** What this project or the chosen engine does not allow, by file and line. */
export function ruleFindings(
  file: SqlFile,
  catalog: readonly SqlFile[],
  values: PlaceholderValues,
  options: RuleOptions,
): Finding[] {
  const at = (word: RegExp, message: string): Finding => ({
    file: file.file,
    line: lineOfWord(file.sql, word),
    message,
  });
  return [
    ...secretFindings(file),
    ...(options.engine === "embedded" ? embeddedFindings(file, at) : []),
    ...(file.kind === "kafka" ? consumerFindings(file, catalog, values, options, at) : []),
    ...(file.policy.backfill ? backfillFindings(file, catalog, at) : []),
  ];
}

type At = (word: RegExp, message: string) => Finding;

function secretFindings(file: SqlFile): Finding[] {
  if (file.kind === "collection") return [];
  return tokenize(file.sql).flatMap((token) =>
    token.kind === "placeholder" && parsePlaceholder(token).type === "Secret"
      ? [{ file: file.file, line: token.line, message: secretMessage(token.text) }]
      : [],
  );
}

export function secretMessage(placeholder: string): string {
  return `${placeholder} is a secret and would stand in this object's definition, where SHOW CREATE shows it. Secrets belong into a named collection.`;
}

function embeddedFindings(file: SqlFile, at: At): Finding[] {
  const only = "Config clickhouseEngine server has it; the embedded engine does not";
  if (file.kind === "access") {
    const what =
      "users, roles, grants, quotas and profiles made by SQL need storage for access rights";
    return [at(/./, `${what}. ${only}.`)];
  }
  if (/\bReplicated\w*MergeTree\b/.test(file.sql)) {
    return [at(/^Replicated/, `a replicated table needs a Keeper and a second node. ${only}.`)];
  }
  const cluster = file.kind === "table" ? clusterOf(file.sql) : undefined;
  if (cluster !== undefined && !EMBEDDED_CLUSTERS.includes(cluster)) {
    const known = EMBEDDED_CLUSTERS.join(", ");
    const message = `cluster ${cluster} would spread over several nodes. ${only}: it knows ${known}, which is itself.`;
    return [at(/^Distributed$/, message)];
  }
  return [];
}

function backfillFindings(file: SqlFile, catalog: readonly SqlFile[], at: At): Finding[] {
  const source = catalog.find(
    ({ name, kind }) => kind === "kafka" && file.references.includes(name),
  );
  if (!source) return [];
  const message = `-- @backfill asks for what ${source.name} holds already, and a Kafka table holds nothing. Take the line out; \`npm run offsets -- reset\` has a topic read again.`;
  return [at(new RegExp(`^[\`"]?${source.name}[\`"]?$`), message)];
}

function consumerFindings(
  file: SqlFile,
  catalog: readonly SqlFile[],
  values: PlaceholderValues,
  { partitions }: RuleOptions,
  at: At,
): Finding[] {
  const own = consumption(file, values);
  const computed = parseTable(file.sql).columns.find(({ defaultKind }) => defaultKind !== "");
  if (computed) {
    const message = `column ${computed.name} has a ${computed.defaultKind} expression, which a Kafka table cannot have. Compute it in the view, or declare it in the view's target.`;
    return [at(new RegExp(`^[\`"]?${computed.name}[\`"]?$`), message)];
  }
  const setting = /^kafka_num_consumers$/;
  const findings: Finding[] = [];
  if (own.consumers > 1 && isStatic(file, catalog)) {
    findings.push(
      at(
        setting,
        `${own.consumers} consumers would share one ${INSTANCE_ID}, and Kafka shuts out all but one. Declare a table with a collection of its own for each.`,
      ),
    );
  }
  const group = catalog.filter(
    (other) => other.kind === "kafka" && consumption(other, values).group === own.group,
  );
  const consumers = group.reduce((sum, other) => sum + consumption(other, values).consumers, 0);
  if (partitions !== undefined && consumers > partitions && group[0] === file) {
    findings.push(
      at(
        own.consumers > 1 ? setting : /^kafka_group_name$/,
        `its group has ${consumers} consumers for ${partitions} partition${partitions === 1 ? "" : "s"}, and some would have nothing to read. Raise partitions, or declare fewer consumers.`,
      ),
    );
  }
  return [...findings, ...sharedMembers(file, group, at)];
}

/** Two tables of one group and one collection would be the same member twice. */
function sharedMembers(file: SqlFile, group: readonly SqlFile[], at: At): Finding[] {
  const collection = (other: SqlFile) => /\bKafka\s*\(\s*(\w+)/.exec(other.sql)?.[1] ?? "";
  const twin = group.find(
    (other) => other !== file && other.name < file.name && collection(other) === collection(file),
  );
  if (!twin || collection(file) === "") return [];
  return [
    at(
      /^Kafka$/,
      `it and ${twin.file} are one member of the same group by their collection ${collection(file)}, and Kafka shuts one out. Give each a collection with a ${INSTANCE_ID} of its own.`,
    ),
  ];
}

function isStatic(file: SqlFile, catalog: readonly SqlFile[]): boolean {
  return catalog.some(
    (other) =>
      other.kind === "collection" &&
      file.references.includes(other.name) &&
      collectionSettings(other.sql).some(({ key }) => key.replace(/[`"]/g, "") === INSTANCE_ID),
  );
}

function consumption(
  file: SqlFile,
  values: PlaceholderValues,
): { group: string; consumers: number } {
  const { settings } = parseTable(renderSql(file.sql, values, file.file).replace(/;\s*$/, ""));
  return {
    group: `${settings["kafka_group_name"]} ${settings["kafka_topic_list"]}`,
    consumers: Number(settings["kafka_num_consumers"] ?? 1),
  };
}

function lineOfWord(sql: string, word: RegExp): number {
  const tokens = significant(tokenize(sql));
  return (tokens.find((token) => word.test(token.text)) ?? tokens[0])?.line ?? 1;
}
