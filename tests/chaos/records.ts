import { formatFetchTime, type TopGameRecord } from "../../pipeline/record";

/** Records of a snapshot, each of a key of its own. */
export const SNAPSHOT_RECORDS = 1_000;

/**
 * Snapshot `number` of a run: it tells by its time which it is, and each of its records by its players. All times
 * of a run lie within one day, so that one partition of the table holds them.
 * @param baseSeconds Time of snapshot 0, in seconds since 1970.
 */
export function recordsOf(number: number, baseSeconds: number): TopGameRecord[] {
  const fetch_time = formatFetchTime(new Date((baseSeconds + number) * 1000));
  return Array.from({ length: SNAPSHOT_RECORDS }, (_, index) => ({
    game_id: index + 1,
    game_name: `game ${index + 1}`,
    current_players: number * SNAPSHOT_RECORDS + index + 1,
    peak_today: number * SNAPSHOT_RECORDS + index + 1,
    rank: index + 1,
    fetch_time,
  }));
}

/** Condition, in SQL, of a row that is as `recordsOf` made it. */
export function asSent(baseSeconds: number): string {
  return `current_players = (toUnixTimestamp(fetch_time) - ${baseSeconds}) * ${SNAPSHOT_RECORDS} + game_id
    AND peak_today = current_players AND rank = game_id AND game_name = concat('game ', toString(game_id))`;
}

/** Start of the day before yesterday, in seconds since 1970: within what an audit looks back at. */
export function baseOfToday(): number {
  return (Math.floor(Date.now() / 86_400_000) - 2) * 86_400;
}
