import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { defaultOptions } from "../../../dashboards";
import { Grafana, type GrafanaArgs } from "../../../infra/grafana";
import { named, recordResources, settled, valueOf, type Recorded } from "./recorder";

const args: GrafanaArgs = {
  stack: "test",
  containerName: "test-grafana",
  volumeName: "steamline-test-grafana",
  networkName: "steamline-test",
  imageReference: "grafana/grafana:1",
  absent: undefined,
  memoryMb: 512,
  port: 20_003,
  clickhouseHost: "clickhouse",
  clickhousePort: 9000,
  clickhouseEngine: "server",
  reader: { username: "reader", password: "reader-secret" },
  board: { ...defaultOptions, source: "simulated" },
  alerts: {
    stalePolls: 5,
    lagMessages: 10_000,
    badMessages: 0,
    diskFreePercent: 10,
    webhookUrl: "",
  },
};

async function declare(more: Partial<GrafanaArgs> = {}) {
  const recorded = await recordResources();
  const grafana = new Grafana("grafana", { ...args, ...more });
  await settled(recorded);
  return { recorded, grafana };
}

interface Upload {
  file: string;
  content: string;
}

/** What the container is given as files. They are secret as a whole, as one of them is. */
const uploadsOf = (recorded: readonly Recorded[]) => {
  const { value } = named(recorded, "grafana-container").inputs["uploads"] as { value: Upload[] };
  return Object.fromEntries(value.map(({ file, content }) => [file, content]));
};
const envsOf = (recorded: readonly Recorded[]) =>
  named(recorded, "grafana-container").inputs["envs"] as string[];

describe("Grafana", () => {
  let recorded: Recorded[];
  let grafana: Grafana;
  beforeAll(async () => ({ recorded, grafana } = await declare()));

  it("writes each dashboard as a file that no container is replaced for", () => {
    const files = recorded.filter(({ type }) => type.endsWith(":GeneratedFile"));
    expect(files.map(({ inputs }) => inputs["path"])).toEqual([
      ".steamline/test/dashboards/steamline-players.json",
      ".steamline/test/dashboards/steamline-game.json",
      ".steamline/test/dashboards/steamline-pipeline.json",
    ]);
    expect(String(files[0]!.inputs["content"])).toContain("Simulated");
    expect(Object.keys(uploadsOf(recorded)).filter((file) => file.endsWith(".json"))).toEqual([]);
  });

  it("reaches ClickHouse as the reader, whose password stands in a file alone", () => {
    const uploads = uploadsOf(recorded);
    const yaml = uploads["/etc/grafana/provisioning/datasources/clickhouse.yaml"]!;
    const { datasources } = parse(yaml) as { datasources: Record<string, unknown>[] };
    expect(datasources).toEqual([
      expect.objectContaining({
        uid: "clickhouse",
        editable: false,
        jsonData: {
          host: "clickhouse",
          port: 9000,
          protocol: "native",
          secure: false,
          username: "reader",
          defaultDatabase: "default",
        },
        secureJsonData: { password: "$__file{/etc/steamline/reader-password}" },
      }),
    ]);
    expect(uploads["/etc/steamline/reader-password"]).toBe("reader-secret");
    expect(JSON.stringify([yaml, envsOf(recorded)])).not.toContain("secret");
  });

  it("speaks HTTP to the embedded engine, which has no native protocol", async () => {
    const embedded = await declare({ clickhouseEngine: "embedded", clickhousePort: 8123 });
    const yaml = uploadsOf(embedded.recorded)[
      "/etc/grafana/provisioning/datasources/clickhouse.yaml"
    ]!;
    expect(yaml).toContain("port: 8123");
    expect(yaml).toContain("protocol: http");
  });

  it("pins the plugin, and keeps its database out of the volume, so that a removed alert is gone", () => {
    expect(envsOf(recorded)).toContain(
      "GF_PLUGINS_PREINSTALL_SYNC=grafana-clickhouse-datasource@4.20.0",
    );
    expect(envsOf(recorded)).toContain("GF_DATABASE_PATH=/tmp/grafana.db");
  });

  it("delivers alerts, with a contact point only where there is an address to call", async () => {
    const file = "/etc/grafana/provisioning/alerting/steamline.yaml";
    const quiet = parse(uploadsOf(recorded)[file]!) as Record<string, unknown>;
    expect(Object.keys(quiet)).toEqual(["apiVersion", "groups"]);

    const webhookUrl = "https://example.org/hook/token";
    const loud = await declare({ alerts: { ...args.alerts, webhookUrl } });
    const uploads = uploadsOf(loud.recorded);
    const called = parse(uploads[file]!) as Record<string, unknown>;
    expect(Object.keys(called)).toEqual(["apiVersion", "groups", "contactPoints", "policies"]);
    expect(uploads[file]).not.toContain("token");
    expect(uploads["/etc/steamline/alert-webhook-url"]).toBe(webhookUrl);
  });

  it("takes thresholds from what it is told", () => {
    const yaml = uploadsOf(recorded)["/etc/grafana/provisioning/alerting/steamline.yaml"]!;
    const { groups } = parse(yaml) as {
      groups: { rules: { uid: string; data: { model: { conditions?: object[] } }[] }[] }[];
    };
    const stale = groups[0]!.rules.find(({ uid }) => uid === "steamline-stale")!;
    expect(stale.data[1]!.model.conditions).toEqual([{ evaluator: { type: "gt", params: [300] } }]);
  });

  it("writes only files where its image cannot be had, and says why", async () => {
    const absent = await declare({ absent: "No image." });
    const types = absent.recorded.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("docker:"))).toEqual([]);
    expect(absent.grafana.note).toBe("No image.");
    expect(await valueOf(absent.grafana.url)).toBe("");
    expect(await valueOf(grafana.url)).toBe("http://localhost:20003");
  });
});
