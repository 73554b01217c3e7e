import { ask, reason } from "../clickhouse";
import { kafkaOf, type Outputs } from "../outputs";
import { configValue, writeMerged } from "../stack-config";
import { UserError } from "../user-error";
import type { Ask, AuditStream, AuditTarget } from "./target";

/** Longest that one question may take: the rows of all days looked at. */
const QUESTION_TIMEOUT_MS = 60_000;
/** Of a table's TTL, the day in which rows may be gone already. */
const TTL_SLACK_DAYS = 1;

/** The topics of a stack that have a ledger. */
export function streamsOf(outputs: Outputs): AuditStream[] {
  return [
    {
      topic: outputs.topGamesTopic,
      group: outputs.topGamesGroup,
      table: "steam_top_games",
      keyColumn: "game_id",
    },
    {
      topic: outputs.detailsTopic,
      group: outputs.detailsGroup,
      table: "steam_game_details",
      keyColumn: "game_id",
    },
  ];
}

/** A stack's ClickHouse, asked as its administrator. Its failures are told as ClickHouse words them. */
export function adminOf(outputs: Outputs): Ask {
  return async <T>(sql: string) => {
    try {
      return await ask<T>(outputs, sql, "admin", QUESTION_TIMEOUT_MS);
    } catch (cause) {
      throw new UserError(
        "UNREACHABLE",
        `ClickHouse does not answer: ${reason(cause, QUESTION_TIMEOUT_MS)}`,
        {
          where: outputs.clickhouseUrl,
          fix: "npm run status tells whether it runs; a table that is missing comes with npm run up",
          cause,
        },
      );
    }
  };
}

/** What an audit of a stack reaches. @param days as asked for; fewer where rows are not kept so long. */
export function targetOf(stack: string, outputs: Outputs, days: number): AuditTarget {
  const ttlDays = Number(configValue(writeMerged(stack).content, "ttlDays"));
  return {
    kafka: kafkaOf(outputs),
    streams: streamsOf(outputs),
    ask: adminOf(outputs),
    producerUrl: outputs.producerUrl,
    days: Math.max(0, Math.min(days, ttlDays - TTL_SLACK_DAYS)),
  };
}
