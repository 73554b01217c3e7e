import { describe, expect, it, type TestContext } from "vitest";
import { allDashboards } from "../../dashboards";
import { outputs } from "./steamline";

/** Asks Grafana's API as its admin; skips the test on a stack without Grafana. */
async function api(context: TestContext, path: string, payload?: object): Promise<unknown> {
  const { grafanaUrl = "", grafanaPassword = "", grafanaNote = "" } = await outputs();
  if (grafanaUrl === "") context.skip(grafanaNote);
  const response = await fetch(`${grafanaUrl}/api${path}`, {
    method: payload === undefined ? "GET" : "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`admin:${grafanaPassword}`).toString("base64")}`,
      "Content-Type": "application/json",
    },
    body: payload === undefined ? null : JSON.stringify(payload),
  });
  const text = await response.text();
  expect(response.ok, `${path}: ${response.status} ${text}`).toBe(true);
  return JSON.parse(text);
}

interface DataSource {
  uid: string;
  type: string;
}

const clickhouse = async (context: TestContext) => {
  const sources = (await api(context, "/datasources")) as DataSource[];
  const found = sources.find(({ type }) => type === "grafana-clickhouse-datasource");
  if (!found) throw new Error(`no ClickHouse among ${JSON.stringify(sources)}`);
  return found;
};

describe("Grafana", () => {
  it("reaches ClickHouse through its data source", async (context) => {
    const { uid } = await clickhouse(context);
    expect(await api(context, `/datasources/uid/${uid}/health`)).toMatchObject({ status: "OK" });
  });

  it("has every dashboard that is declared", async (context) => {
    const listed = (await api(context, "/search?type=dash-db&limit=500")) as { uid: string }[];
    const declared = allDashboards().map(({ uid }) => uid);
    expect(listed.map(({ uid }) => uid)).toEqual(expect.arrayContaining(declared));
  });

  it("gets rows for a panel's query", async (context) => {
    const { uid, type } = await clickhouse(context);
    const query = {
      refId: "A",
      datasource: { uid, type },
      editorType: "sql",
      queryType: "table",
      format: 1,
      rawSql: "SELECT count() AS n FROM steam_top_games",
    };
    const answer = (await api(context, "/ds/query", {
      from: "now-1h",
      to: "now",
      queries: [query],
    })) as { results: { A: { frames: { data: { values: number[][] } }[] } } };
    expect(Number(answer.results.A.frames[0]?.data.values[0]?.[0])).toBeGreaterThan(0);
  });
});
