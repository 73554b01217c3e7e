import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "chdb";
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

/** The embedded engine on one data directory. A session of its own isolates a client's settings. */
export class Engine {
  private readonly anchor: Session;
  readonly logFile: string;

  /** @throws the engine's error, code 76 where another process has the directory open. */
  constructor(private readonly options: EngineOptions) {
    mkdirSync(options.runDir, { recursive: true });
    this.logFile = join(options.runDir, "clickhouse.log");
    const configFile = join(options.runDir, "config.xml");
    const usersFile = join(options.runDir, "users.xml");
    writeFileSync(usersFile, usersXml(options.accounts));
    writeFileSync(configFile, configXml(options, usersFile, this.logFile));
    const connectionArgs = [`--config-file=${configFile}`, "--log-level=information"];
    this.anchor = new Session(options.dataDir, { connectionArgs });
  }

  /** A session that shares nothing but the data with any other. */
  open(): Session {
    return new Session(this.options.dataDir);
  }

  close(): void {
    this.anchor.close();
  }
}

function configXml(options: EngineOptions, usersFile: string, logFile: string): string {
  return `<clickhouse>
  <users_config>${usersFile}</users_config>
  <max_server_memory_usage>${options.maxMemoryBytes}</max_server_memory_usage>
  <background_message_broker_schedule_pool_size>${CONSUMER_THREADS}</background_message_broker_schedule_pool_size>
  <logger><log>${logFile}</log><size>20M</size><count>3</count></logger>
  <backups><allowed_path>${join(options.dataDir, "backups")}</allowed_path></backups>
</clickhouse>
`;
}

/** Roles in the engine's own words: it, not the door, keeps a reader from what is not granted. */
function usersXml(accounts: AccountsFile): string {
  const grants = accounts.readerGrants.map((grant) => `<query>${grant}</query>`).join("");
  return `<clickhouse>
  <profiles><default/></profiles>
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
