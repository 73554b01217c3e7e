import type { Session } from "chdb";
import { ASIDE } from "../../../clickhouse/aside";
import { quoteIdentifier } from "../../../clickhouse/render";

const LOOK_MS = 5_000;

/** It says so. */
const GAVE_UP = "arrayExists(text -> text LIKE '%Local: Fatal error%', exceptions.text)";
/** Of all brokers it has only the name left by which it would call the group's, and looks for that one. */
const FORGOT_BROKERS = `JSONExtractString(rdkafka_stat, 'cgrp', 'state') = 'query-coord'
  AND JSONExtractUInt(rdkafka_stat, 'cgrp', 'stateage') > ${LOOK_MS}
  AND JSONExtractKeys(rdkafka_stat, 'brokers') = ['GroupCoordinator']`;

/**
 * Tables whose consumer is dead, and has no part in its group. Those of a change that is under way, which keeps a table
 * aside, are that change's.
 */
const DEAD = `SELECT DISTINCT database, table FROM system.kafka_consumers
WHERE empty(assignments.partition_id) AND (${GAVE_UP} OR ${FORGOT_BROKERS})
  AND NOT endsWith(table, '${ASIDE}')
  AND (database, concat(table, '${ASIDE}')) NOT IN (SELECT database, name FROM system.tables)
FORMAT JSONEachRow`;

/**
 * Brings dead consumers of Kafka tables back to life. Kafka's client gives up for good where the broker takes it for another
 * one with its static member id, as may happen after both did not hear each other for longer than the session lasts
 * (librdkafka, issue 3437), and where it is told of a cluster without brokers, as a lone broker may say that was fenced
 * for a moment (issue 5301). Its table would read nothing until the server starts again. Detached and attached, it goes
 * on from what was committed.
 */
export class Revival {
  private readonly timer: NodeJS.Timeout;
  private looking = false;

  /** @param revived Told of each table that reads again. */
  constructor(
    private readonly session: Session,
    private readonly revived: (table: string) => void,
  ) {
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
    this.session.close();
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const found = (await this.session.queryAsync(DEAD)).text();
      for (const line of found.split("\n").filter((text) => text !== "")) {
        const { database, table } = JSON.parse(line) as { database: string; table: string };
        const name = `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
        await this.session.queryAsync(`DETACH TABLE ${name} SYNC`);
        await this.session.queryAsync(`ATTACH TABLE ${name}`);
        this.revived(`${database}.${table}`);
      }
    } catch {
      // Dropped meanwhile, or the engine has no time for it: looked at again soon.
    } finally {
      this.looking = false;
    }
  }
}
