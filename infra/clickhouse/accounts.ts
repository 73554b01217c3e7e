import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClickhouseEngine } from "../engine-config";
import type { SqlFile } from "./catalog";
import { DEFAULT_PROFILE } from "./profile";

interface Account {
  username: string;
  password: pulumi.Output<string>;
}

/** What the engine tells of itself and a person or a dashboard needs: nothing that holds others' queries. */
const SYSTEM_TABLES = [
  "asynchronous_metrics",
  "columns",
  "data_skipping_indices",
  "databases",
  "disks",
  "errors",
  "events",
  "kafka_consumers",
  "merges",
  "metrics",
  "mutations",
  "one",
  "numbers",
  "parts",
  "settings",
  "tables",
];

/**
 * GRANT statements of the reader. They name databases, not tables, so that the accounts' file, and with it the
 * container, stays as it is when a table comes. A Kafka table answers no SELECT while a view reads it.
 */
export function readerGrants(database: string, catalog: readonly SqlFile[]): string[] {
  const databases = catalog.filter((file) => file.kind === "database").map((file) => file.name);
  const tables = SYSTEM_TABLES.map((table) => `system.${table}`);
  return [...[database, ...databases].map((name) => `${name}.*`), ...tables].map(
    (subject) => `GRANT SELECT ON ${subject}`,
  );
}

/**
 * The files that tell an engine of the two accounts. They hold hashes, never a password, and reach the
 * container as files, so that no environment variable shows them.
 */
export function accountUploads(
  engine: ClickhouseEngine,
  admin: Account,
  reader: Account,
  grants: readonly string[],
): docker.types.input.ContainerUpload[] {
  const hashes = pulumi
    .all([admin.password, reader.password])
    .apply((passwords) => passwords.map(sha256));
  if (engine === "embedded") {
    const content = hashes.apply(([adminHash, readerHash]) =>
      JSON.stringify(
        {
          accounts: [
            { name: admin.username, passwordSha256: adminHash, profile: "admin" },
            { name: reader.username, passwordSha256: readerHash, profile: "reader" },
          ],
          readerGrants: grants,
        },
        null,
        2,
      ),
    );
    return [{ file: "/etc/steamline/accounts.json", content }];
  }
  const content = hashes.apply(([adminHash = "", readerHash = ""]) =>
    usersXml(
      { name: admin.username, hash: adminHash },
      { name: reader.username, hash: readerHash },
      grants,
    ),
  );
  return [{ file: "/etc/clickhouse-server/users.d/steamline.xml", content }];
}

/** The official server's users file. `readonly` 1 with a changeable time limit is what Grafana's plugin needs. */
export function usersXml(
  admin: { name: string; hash: string },
  reader: { name: string; hash: string },
  grants: readonly string[],
): string {
  return `<clickhouse>
  <profiles>
    ${DEFAULT_PROFILE}
    <reader>
      <readonly>1</readonly>
      <final>1</final>
      <max_execution_time>60</max_execution_time>
      <max_memory_usage>2000000000</max_memory_usage>
      <constraints><max_execution_time><changeable_in_readonly/></max_execution_time></constraints>
    </reader>
  </profiles>
  <users>
    <${admin.name}>
      <password_sha256_hex>${admin.hash}</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <access_management>1</access_management>
      <named_collection_control>1</named_collection_control>
    </${admin.name}>
    <${reader.name}>
      <password_sha256_hex>${reader.hash}</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>reader</profile>
      <quota>default</quota>
      <grants>
${grants.map((grant) => `        <query>${grant}</query>`).join("\n")}
      </grants>
    </${reader.name}>
  </users>
</clickhouse>
`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
