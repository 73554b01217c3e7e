import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "chdb";
import type { ObjectKind } from "./catalog";
import { parseTable } from "./definition";
import { columnText } from "./plan-columns";
import { quoteIdentifier, quoteString } from "./render";
import { clustersIn, forScratch } from "./scratch-statement";
import { standIn } from "./stand-in";
import { renameObject } from "./statement";

/** An object to be made in the scratch engine. */
export interface ScratchObject {
  name: string;
  kind: ObjectKind;
  /** The CREATE statement, rendered. */
  statement: string;
}

/** What the engine makes of a statement: its own wording of it, or its words of refusal. */
export type Understood = { definition: string } | { error: string };

/** Database of Kafka tables, apart from where views find their stand-ins. */
const KAFKA_DATABASE = "steamline_scratch_kafka";
/** Database of tables as they stand in the warehouse, beside the declared ones. */
export const STANDING_DATABASE = "steamline_scratch_standing";

/**
 * An embedded engine on an empty directory: no server is asked, nothing is left. Views read stand-ins of the
 * Kafka tables, which hold no rows and connect to nothing, so that a check never joins a consumer group.
 */
export class Scratch {
  private readonly directory = mkdtempSync(join(tmpdir(), "steamline-scratch-"));
  private readonly session: Session;

  /** @param statements in which clusters may be named; each is answered by the engine itself. */
  constructor(statements: readonly string[] = []) {
    const config = join(this.directory, "config.xml");
    writeFileSync(config, configXml(clustersIn(statements)));
    // Loading the engine takes a while, and only a change needs it.
    const chdb = require("chdb") as typeof import("chdb");
    this.session = new chdb.Session(join(this.directory, "data"), {
      connectionArgs: [`--config-file=${config}`],
    });
    for (const database of [KAFKA_DATABASE, STANDING_DATABASE]) {
      this.run(`CREATE DATABASE ${database}`);
    }
  }

  /** Makes the objects in their order. One that fails does not keep the others from being made. */
  make(objects: readonly ScratchObject[]): Map<string, Understood> {
    const failed = new Map<string, Understood>();
    for (const object of objects) {
      try {
        this.makeOne(object);
      } catch (error) {
        failed.set(object.name, { error: engineWords(error) });
      }
    }
    const definitions = this.definitions();
    return new Map(
      objects.map(({ name, kind, statement }) => [
        name,
        failed.get(name) ?? { definition: this.definitionOf(name, kind, statement, definitions) },
      ]),
    );
  }

  /** @throws the engine's own error. */
  run(statement: string): void {
    this.session.query(statement);
  }

  rows<T>(query: string): T[] {
    return String(this.session.query(query, "JSONEachRow"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as T);
  }

  /** The engine's wording of the table of that name, which has to stand here. */
  definition(database: string, name: string): string {
    const where = `database = ${quoteString(database)} AND name = ${quoteString(name)}`;
    const [table] = this.rows<{ text: string }>(
      `SELECT create_table_query AS text FROM system.tables WHERE ${where}`,
    );
    return table?.text ?? "";
  }

  /** The statement as the engine's formatter writes it. */
  formatted(statement: string): string {
    const [row] = this.rows<{ text: string }>(
      `SELECT formatQuerySingleLine(${quoteString(statement)}) AS text`,
    );
    return row?.text ?? "";
  }

  close(): void {
    this.session.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private makeOne({ name, kind, statement }: ScratchObject): void {
    if (kind === "access") {
      this.formatted(statement);
      return;
    }
    if (kind !== "kafka") {
      this.run(forScratch(statement));
      return;
    }
    try {
      this.run(renameObject(statement, `${KAFKA_DATABASE}.${quoteIdentifier(name)}`));
    } catch (error) {
      // A process that has closed the engine once can make no more Kafka tables, which says nothing of this one.
      if (!engineWords(error).includes("Shutdown was called")) throw error;
    }
    this.run(standIn(name, statement));
  }

  private definitionOf(
    name: string,
    kind: ObjectKind,
    statement: string,
    definitions: ReadonlyMap<string, string>,
  ): string {
    if (kind === "collection" || kind === "database") return this.formatted(statement);
    if (kind === "access") return this.formatted(statement);
    const own = name.includes(".") ? name : `default.${name}`;
    const text = definitions.get(own) ?? "";
    return kind === "kafka" ? kafkaDefinition(own, text, this.formatted(statement)) : text;
  }

  private definitions(): Map<string, string> {
    const tables = this.rows<{ name: string; text: string }>(
      `SELECT concat(database, '.', name) AS name, create_table_query AS text FROM system.tables
       WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')`,
    );
    return new Map(tables.map(({ name, text }) => [name, text]));
  }
}

/** Columns in the engine's words from the stand-in; engine and settings from the formatted statement. */
function kafkaDefinition(name: string, standIn: string, formatted: string): string {
  const { engine, settings, comment } = parseTable(formatted);
  const columns = parseTable(standIn).columns.filter(({ defaultKind }) => defaultKind !== "ALIAS");
  const set = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  return [
    `CREATE TABLE ${name} (${columns.map(columnText).join(", ")}) ENGINE = ${engine}`,
    ...(set.length > 0 ? [`SETTINGS ${set.join(", ")}`] : []),
    ...(comment === "" ? [] : [`COMMENT ${comment}`]),
  ].join(" ");
}

/** The engine's message without the wrapping of the library. */
export function engineWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Query failed:\s*/, "").trim();
}

function configXml(clusters: readonly string[]): string {
  const servers = clusters.map(
    (name) =>
      `<${name}><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></${name}>`,
  );
  // The port, which nothing listens on, is what the engine knows itself by.
  return `<clickhouse><tcp_port>9000</tcp_port><macros><shard>1</shard></macros><remote_servers>${servers.join("")}</remote_servers></clickhouse>\n`;
}
