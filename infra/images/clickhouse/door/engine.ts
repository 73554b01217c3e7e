import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "chdb";
import { DEFAULT_PROFILE } from "../../../clickhouse/profile";
import { quoteString } from "../../../clickhouse/render";
import type { AccountsFile } from "./accounts";

export interface EngineOptions {
  dataDir: string;
  /** Where the engine's own configuration and log are written. */
  runDir: string;
  accounts: AccountsFile;
  maxMemoryBytes: number;
}

/** Threads that consume for Kafka tables, of all tables together. */
const CONSUMER_THREADS = 16;
/**
 * By this port the engine knows the only server of the cluster `default`, which the official server has too, as
 * itself. It opens none.
 */
const CLUSTER_PORT = 9000;

/** The embedded engine on one data directory. A session of its own isolates a client's settings. */
export class Engine {
  private readonly anchor: Session;
  readonly logFile: string;
  /** As the engine tells it, such as 26.7.2.1. */
  readonly version: string;
  readonly timezone: string;

  /** @throws the engine's error, code 76 where another process has the directory open. */
  constructor(private readonly options: EngineOptions) {
    mkdirSync(options.runDir, { recursive: true });
    this.logFile = join(options.runDir, "clickhouse.log");
    const configFile = join(options.runDir, "config.xml");
    const usersFile = join(options.runDir, "users.xml");
    writeFileSync(usersFile, usersXml(options.accounts));
    writeFileSync(configFile, configXml(options, usersFile, this.logFile));
    const connectionArgs = [`--config-file=${configFile}`, "--log-level=debug"];
    this.anchor = new Session(options.dataDir, { connectionArgs });
    const told = this.anchor.query("SELECT version(), timezone()", "TSVRaw").trim().split("\t");
    [this.version = "", this.timezone = "UTC"] = told;
    // Tables are loaded in the background; a Kafka table consumes from when it is.
    this.anchor.query("SELECT count() FROM system.tables");
  }

  /** A session that shares nothing but the data with any other. */
  open(): Session {
    return new Session(this.options.dataDir);
  }

  /**
   * One statement as the engine writes it, without comments. Nothing of it is run.
   * @throws the engine's error, code 62 where it is none, or more than one.
   */
  async canonical(sql: string): Promise<string> {
    const query = `SELECT formatQuerySingleLine(${quoteString(sql)})`;
    return (await this.anchor.queryAsync(query, { format: "TSVRaw" })).text();
  }

  /** Stops a query by the mark it begins or ends with. Does not wait until it has stopped. */
  async kill(mark: string): Promise<void> {
    const session = this.open();
    try {
      const name = quoteString(mark);
      await session.queryAsync(
        `KILL QUERY WHERE startsWith(query, ${name}) OR endsWith(query, ${name}) ASYNC`,
      );
    } finally {
      session.close();
    }
  }

  close(): void {
    this.anchor.close();
  }
}

/** The log: what a server's tells at `information`, and of each query what it read, which stands nowhere else. */
function configXml(options: EngineOptions, usersFile: string, logFile: string): string {
  return `<clickhouse>
  <users_config>${usersFile}</users_config>
  <max_server_memory_usage>${options.maxMemoryBytes}</max_server_memory_usage>
  <background_message_broker_schedule_pool_size>${CONSUMER_THREADS}</background_message_broker_schedule_pool_size>
  <logger>
    <log>${logFile}</log><size>20M</size><count>3</count>
    <levels>
      <logger><name></name><level>information</level></logger>
      <logger><name>executeQuery</name><level>debug</level></logger>
    </levels>
  </logger>
  <tcp_port>${CLUSTER_PORT}</tcp_port>
  <remote_servers>
    <default><shard><replica><host>127.0.0.1</host><port>${CLUSTER_PORT}</port></replica></shard></default>
  </remote_servers>
  <backups><allowed_path>${join(options.dataDir, "backups")}</allowed_path></backups>
</clickhouse>
`;
}

/** Roles in the engine's own words: it, not the door, keeps a reader from what is not granted. */
function usersXml(accounts: AccountsFile): string {
  const grants = accounts.readerGrants.map((grant) => `<query>${grant}</query>`).join("");
  return `<clickhouse>
  <profiles>${DEFAULT_PROFILE}</profiles>
  <quotas><default/></quotas>
  <roles>
    <admin><grants><query>GRANT ALL ON *.*</query></grants></admin>
    <reader><grants>${grants}</grants></reader>
  </roles>
  <users>
    <default>
      <password></password>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants><query>GRANT admin</query><query>GRANT reader</query></grants>
    </default>
  </users>
</clickhouse>
`;
}
