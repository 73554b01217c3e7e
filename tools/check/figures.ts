import { formatFetchTime } from "../../pipeline/record";

const DAY_MS = 86_400_000;
const EVERY_MS = 60_000;
const SOURCES = [
  { source: "steam-top-games", topic: "steam_top_games_topic", pollsPerHour: 60 },
  { source: "steam-game-details", topic: "steam_game_details_topic", pollsPerHour: 400 },
];
/** A broker that was away, in milliseconds before the end. */
const OUTAGE_MS = { from: 5_400_000, until: 4_500_000 };

/** What a producer would have told of its last day, one line of tab-separated values a figure: with one outage. */
export function figureRows(last: number): string[] {
  const begun = last - DAY_MS;
  const lines: string[] = [];
  for (let time = begun; time <= last; time += EVERY_MS) {
    const at = formatFetchTime(new Date(time));
    const figure = (name: string, subject: string, detail: string, value: number) =>
      lines.push(`${[at, name, subject, detail, value].join("\t")}\n`);
    const before = last - time;
    const away = before < OUTAGE_MS.from && before > OUTAGE_MS.until;
    const minutesAway =
      Math.max(0, Math.min(OUTAGE_MS.from - before, OUTAGE_MS.from - OUTAGE_MS.until)) / EVERY_MS;
    const hours = (time - begun) / 3_600_000;
    for (const { source, topic, pollsPerHour } of SOURCES) {
      const failed = Math.floor(hours / 3);
      figure("polls_total", source, "ok", Math.floor(hours * pollsPerHour) - failed);
      figure("polls_total", source, "failed", failed);
      figure("recent_delivery_seconds", topic, "0.5", 0.006 + 0.002 * Math.sin(hours));
      figure("recent_delivery_seconds", topic, "0.99", 0.03 + 0.01 * Math.sin(hours / 2));
      figure("last_success_timestamp_seconds", source, "", (time - 5_000) / 1000);
      figure(
        "last_success_timestamp_seconds",
        topic,
        "",
        (away ? last - OUTAGE_MS.from : time - 4_000) / 1000,
      );
    }
    figure("errors_total", "HTTP_STATUS", "", 2 * Math.floor(hours / 3));
    figure("errors_total", "KAFKA_UNREACHABLE", "", Math.round(minutesAway) * 2);
    figure("spool_records", "", "", away ? Math.round(minutesAway) * 100 : 0);
  }
  return lines;
}
