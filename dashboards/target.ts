import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import versions from "../infra/images/versions.json";

/** The data source's fixed uid, and with it what every panel refers to. */
export const dataSourceRef = { type: "grafana-clickhouse-datasource", uid: "clickhouse" } as const;

const FORMATS = { timeseries: 0, table: 1 } as const;

/** How the plugin gives a result: `timeseries` turns text columns into labels and wants ascending time. */
export type TargetFormat = keyof typeof FORMATS;

/** A query of the ClickHouse plugin, as a panel's JSON holds it. */
export interface ClickHouseTarget {
  refId: string;
  datasource: typeof dataSourceRef;
  editorType: "sql";
  queryType: TargetFormat;
  format: (typeof FORMATS)[TargetFormat];
  rawSql: string;
  pluginVersion: string;
}

/** Builds a query of the ClickHouse plugin, for which the SDK has no builder of its own. */
export class TargetBuilder implements Builder<Dataquery> {
  constructor(
    private readonly rawSql: string,
    private readonly format: TargetFormat,
    private readonly refId = "A",
  ) {}

  build(): ClickHouseTarget & Dataquery {
    return {
      refId: this.refId,
      datasource: dataSourceRef,
      editorType: "sql",
      queryType: this.format,
      format: FORMATS[this.format],
      rawSql: this.rawSql,
      pluginVersion: versions.grafanaPlugins["grafana-clickhouse-datasource"],
      _implementsDataqueryVariant: () => undefined,
    };
  }
}
