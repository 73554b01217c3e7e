import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { ClusterSize } from "../infra/clickhouse/cluster";
import { dataSourceRef } from "./target";
import { sqlOf } from "./queries";

/** What the stack knows that a dashboard shows. */
export interface BoardOptions {
  /** What the figures come from. */
  source: "steam" | "simulated";
  /** Seconds between two polls of the ranking. */
  pollIntervalSeconds: number;
  /** Seconds that a tour through the store's details takes. */
  detailsIntervalSeconds: number;
  /** Servers of ClickHouse, where there are several: what each tells of itself is asked of all. @default one */
  clickhouseCluster?: ClusterSize | undefined;
}

/** Fixed uids, which links and alerts name. */
export const uids = {
  players: "steamline-players",
  game: "steamline-game",
  pipeline: "steamline-pipeline",
} as const;

/** Where a row of a table leads: the one game, over the same time. Needs a column `game_id`. */
export const gameLink = {
  title: "Look at ${__data.fields.Game}",
  url: `/d/${uids.game}?var-game=\${__data.fields.game_id}&\${__url_time_range}`,
};

/** A dashboard with what all of them share. */
export function board(uid: string, title: string, description: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(["steamline"])
    .timezone("browser")
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-24h", to: "now" })
    .refresh("1m")
    .link(
      new DashboardLinkBuilder("Steamline")
        .type(DashboardLinkType.Dashboards)
        .tags(["steamline"])
        .icon("dashboard")
        .tooltip("The other dashboards of Steamline")
        .asDropdown(false)
        .keepTime(true),
    );
}

/** The variable `game`: ids as values, names as text. */
export function gameVariable(chosen: { text: string; value: string }[]): QueryVariableBuilder {
  return new QueryVariableBuilder("game")
    .label(chosen.length > 1 ? "Games" : "Game")
    .description("The games of the last day, those with most players first.")
    .datasource(dataSourceRef)
    .query({
      refId: "game",
      rawSql: sqlOf("players/games"),
      queryType: "table",
      format: 1,
      editorType: "sql",
    })
    .refresh(VariableRefresh.OnDashboardLoad);
}

/** What the figures come from, in Markdown. A simulated source is called so wherever its figures are shown. */
export function sourceNote({ source }: BoardOptions): string {
  return source === "simulated"
    ? "### Simulated\nThe figures are made up by the stack's simulator. They are not Steam's."
    : "### Steam\nThe figures come from the Steam Web API and the Steam store.";
}
