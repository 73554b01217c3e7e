import { DashboardBuilder, type Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { sqlOf } from "./queries";
import { dataSourceRef, TargetBuilder } from "./target";

/** What people play, for anyone. */
export function players(): Dashboard {
  return new DashboardBuilder("Players")
    .uid("steamline-players")
    .description("What people play on Steam, from the newest poll back through the chosen time.")
    .tags(["steamline"])
    .timezone("browser")
    .readonly()
    .time({ from: "now-24h", to: "now" })
    .refresh("1m")
    .withPanel(
      new TableBuilder()
        .id(1)
        .title("Ranking")
        .description("The games with most players in the newest poll.")
        .datasource(dataSourceRef)
        .gridPos({ x: 0, y: 0, w: 24, h: 16 })
        .unit("locale")
        .noValue("No poll yet")
        .withTarget(new TargetBuilder(sqlOf("players/latest"), "table")),
    )
    .build();
}
