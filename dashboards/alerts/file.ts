import { stringify } from "yaml";
import { overServers } from "../../infra/clickhouse/over-servers";
import type { BoardOptions } from "../board";
import { FOLDER } from "../provisioning";
import { dataSourceRef, tableTarget } from "../target";
import { alertRules, type AlertThresholds, type Rule } from "./rules";

const ORGANISATION = 1;
const EVALUATED_EVERY = "60s";
const RECEIVER = "Steamline";
const EXPRESSION = { type: "__expr__", uid: "__expr__" };

export interface AlertingArgs {
  options: BoardOptions;
  thresholds: AlertThresholds;
  /**
   * Path inside Grafana's container of a file that holds the address to call. Without it alerts show in
   * Grafana alone.
   */
  webhookUrlFile?: string;
}

/** Grafana's provisioning file of alert rules and, where there is an address to call, of contact point and policy. */
export function alerting({ options, thresholds, webhookUrlFile }: AlertingArgs): string {
  const asked = options.clickhouseCluster ? overServers : (sql: string) => sql;
  const rules = alertRules(options, thresholds).map((rule) => toFileForm(rule, asked));
  return stringify(
    {
      apiVersion: 1,
      groups: [
        {
          orgId: ORGANISATION,
          name: "pipeline",
          folder: FOLDER.title,
          interval: EVALUATED_EVERY,
          rules,
        },
      ],
      ...(webhookUrlFile === undefined ? {} : notification(webhookUrlFile)),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function toFileForm(rule: Rule, asked: (sql: string) => string): object {
  const target = tableTarget(rule.query).plain();
  return {
    uid: rule.uid,
    title: rule.title,
    condition: "C",
    for: `${rule.forSeconds}s`,
    noDataState: rule.noData,
    execErrState: "Error",
    dashboardUid: rule.panel.dashboard,
    panelId: rule.panel.id,
    labels: { severity: rule.severity },
    annotations: { summary: rule.summary, description: rule.description },
    data: [
      {
        refId: "A",
        datasourceUid: dataSourceRef.uid,
        relativeTimeRange: { from: rule.windowSeconds, to: 0 },
        model: { ...target, rawSql: asked(target.rawSql) },
      },
      {
        refId: "C",
        datasourceUid: EXPRESSION.uid,
        relativeTimeRange: { from: 0, to: 0 },
        model: {
          refId: "C",
          type: "threshold",
          datasource: EXPRESSION,
          expression: "A",
          conditions: [
            {
              evaluator: { type: rule.fires === "above" ? "gt" : "lt", params: [rule.threshold] },
            },
          ],
        },
      },
    ],
  };
}

/** One contact point, which all alerts go to. */
function notification(webhookUrlFile: string): object {
  return {
    contactPoints: [
      {
        orgId: ORGANISATION,
        name: RECEIVER,
        receivers: [
          {
            uid: "steamline-webhook",
            type: "webhook",
            settings: { url: `$__file{${webhookUrlFile}}`, httpMethod: "POST" },
          },
        ],
      },
    ],
    policies: [
      {
        orgId: ORGANISATION,
        receiver: RECEIVER,
        group_by: ["grafana_folder", "alertname"],
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: "4h",
      },
    ],
  };
}
