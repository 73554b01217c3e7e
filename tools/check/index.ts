import { parse } from "yaml";
import { allDashboards, defaultOptions, type DashboardFile } from "../../dashboards";
import { alerting } from "../../dashboards/alerts/file";
import { dataSourceRef } from "../../dashboards/target";
import { check as checkSql } from "../../infra/clickhouse/check";
import type { Choices } from "./expand";
import { generatedFiles, staleMessage } from "./generated";
import { alertParts, lintAlerts, lintDashboard, type AlertParts } from "./lint";
import { seed } from "./rows";
import { tryTargets } from "./run";
import { alertingSchema, dashboardSchema, schemaFaults } from "./schema";
import { Scratch } from "./scratch";
import { standIn } from "./stand-ins";
import { choicesOf, dashboardParts, targetsOf, type DashboardParts, type Target } from "./targets";

/** Days of trial rows: more than the two from which on queries read hourly sums. */
const TRIAL_DAYS = 8;
const TRIAL_POLL_SECONDS = 600;

/** What was looked at, and every fault that was found, each naming its panel, variable or alert. */
export interface CheckReport {
  dashboards: number;
  panels: number;
  alerts: number;
  /** Queries that were run. */
  queries: number;
  faults: string[];
}

/** The alerts' file of a stack whose config changes nothing. */
export function defaultAlerting(): string {
  return alerting({
    options: defaultOptions,
    thresholds: { stalePolls: 5, lagMessages: 10_000, badMessages: 0, diskFreePercent: 10 },
    webhookUrlFile: "/etc/steamline/alert-webhook-url",
  });
}

/** Checks dashboards and alerts as Grafana gets them, with no Grafana. Queries run on the embedded engine. */
export async function check(
  files: readonly DashboardFile[] = allDashboards(),
  alertsYaml: string = defaultAlerting(),
): Promise<CheckReport> {
  const alertsFile: unknown = parse(alertsYaml);
  const documents = files.map(({ fileName, json }) => ({
    fileName,
    json: JSON.parse(json) as unknown,
  }));
  const faults = [
    ...documents.flatMap(({ fileName, json }) => schemaFaults(dashboardSchema, json, fileName)),
    ...schemaFaults(alertingSchema, alertsFile, "alerts"),
  ];
  const dashboards = documents.flatMap(({ json }) => dashboardParts.safeParse(json).data ?? []);
  const alerts = alertParts.safeParse(alertsFile).data ?? { groups: [] };
  faults.push(
    ...duplicates(dashboards.map(({ uid }) => uid)).map(
      (uid) => `two dashboards have the uid ${uid}`,
    ),
    ...dashboards.flatMap((dashboard) => lintDashboard(dashboard, dataSourceRef.uid)),
    ...lintAlerts(alerts, dashboards, dataSourceRef.uid),
  );
  const tried = await tryAll([...dashboards.flatMap(withChoices), ...alertTargets(alerts)]);
  return {
    dashboards: dashboards.length,
    panels: dashboards.reduce((sum, { panels }) => sum + panels.length, 0),
    alerts: alerts.groups.reduce((sum, { rules }) => sum + rules.length, 0),
    queries: tried.queries,
    faults: [...faults, ...(await generatedFaults()), ...tried.faults, ...(await sqlFaults())],
  };
}

/** Faults of the files of `sql/`, each with its line. */
async function sqlFaults(): Promise<string[]> {
  return (await checkSql()).map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

/** Tracked files that are not what today's SQL gives, and what to do about it. */
async function generatedFaults(): Promise<string[]> {
  try {
    return (await generatedFiles()).filter(({ isStale }) => isStale).map(staleMessage);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function tryAll(
  targets: readonly (Target & { choices: Choices })[],
): Promise<{ faults: string[]; queries: number }> {
  const now = new Date();
  const scratch = new Scratch();
  try {
    const empty = await tryTargets(targets, {
      engine: scratch,
      holds: "empty tables",
      filled: false,
      now,
    });
    await seed(scratch, {
      until: now,
      days: TRIAL_DAYS,
      pollSeconds: TRIAL_POLL_SECONDS,
      seed: 1,
    });
    await standIn(scratch, now);
    const filled = await tryTargets(targets, {
      engine: scratch,
      holds: "a week of rows",
      filled: true,
      // The stand-ins have happened since.
      now: new Date(),
    });
    return {
      faults: [...empty.faults, ...filled.faults],
      queries: empty.queries + filled.queries,
    };
  } finally {
    scratch.close();
  }
}

function withChoices(dashboard: DashboardParts): (Target & { choices: Choices })[] {
  const choices = choicesOf(dashboard);
  return targetsOf(dashboard).map((target) => ({ ...target, choices }));
}

function alertTargets(alerts: AlertParts): (Target & { choices: Choices })[] {
  return alerts.groups.flatMap(({ rules }) =>
    rules.flatMap(({ title, data }) =>
      data.flatMap(({ refId, model }) =>
        model.rawSql === undefined
          ? []
          : [
              {
                where: `alert ${title} (${refId})`,
                rawSql: model.rawSql,
                format: "table" as const,
                columns: [],
                filled: true,
                choices: {},
              },
            ],
      ),
    ),
  );
}

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}
