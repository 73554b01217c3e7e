import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import versions from "../infra/images/versions.json";
import { sqlOf, type QueryName, type TimeSeriesQuery } from "./queries";

/** The data source's fixed uid, and with it what every panel refers to. */
export const dataSourceRef = { type: "grafana-clickhouse-datasource", uid: "clickhouse" } as const;

const FORMATS = { timeseries: 0, table: 1 } as const;

/** How the plugin gives a result: `timeseries` turns text columns into labels and wants ascending time. */
export type TargetFormat = keyof typeof FORMATS;

/** A query of the ClickHouse plugin, as the JSON of a panel, annotation or alert holds it. */
export interface ClickHouseTarget {
  refId: string;
  datasource: typeof dataSourceRef;
  editorType: "sql";
  queryType: TargetFormat;
  format: (typeof FORMATS)[TargetFormat];
  rawSql: string;
  pluginVersion: string;
}

/** The query of a file as a table. */
export function tableTarget(name: QueryName, refId = "A"): TargetBuilder {
  return new TargetBuilder(name, "table", refId);
}

/** The query of a file as time series. */
export function seriesTarget(name: TimeSeriesQuery, refId = "A"): TargetBuilder {
  return new TargetBuilder(name, "timeseries", refId);
}

/** Builds a query of the ClickHouse plugin, for which the SDK has no builder of its own. */
export class TargetBuilder implements Builder<Dataquery> {
  constructor(
    private readonly name: QueryName,
    private readonly format: TargetFormat,
    private readonly refId: string,
  ) {}

  build(): ClickHouseTarget & Dataquery {
    return { ...this.plain(), _implementsDataqueryVariant: () => undefined };
  }

  /** The query as data alone. */
  plain(): ClickHouseTarget {
    return {
      refId: this.refId,
      datasource: dataSourceRef,
      editorType: "sql",
      queryType: this.format,
      format: FORMATS[this.format],
      rawSql: sqlOf(this.name),
      pluginVersion: versions.grafanaPlugins[dataSourceRef.type],
    };
  }
}
