import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { ExternalWarehouse, type ExternalWarehouseArgs } from "../../../infra/external-clickhouse";
import { formatPlaceholders } from "../../../infra/message-format";
import { hidden, named, recordResources, settled, valueOf, type Recorded } from "./recorder";

const args: ExternalWarehouseArgs = {
  stack: "test",
  engine: "server",
  access: {
    url: "https://warehouse.example:8443",
    database: "rows_of_games",
    ca: "PEM",
    admin: { username: "company", password: "word" },
    reader: { username: "viewer", password: "other-word" },
  },
  protectData: true,
  placeholders: {
    brokers: "a.example:9092",
    topGamesTopic: "top",
    detailsTopic: "details",
    topGamesGroup: "top-group",
    detailsGroup: "details-group",
    instanceId: "instance",
    flushIntervalMs: 500,
    ttlDays: 90,
    ...formatPlaceholders("JSONEachRow"),
  },
};

async function declare(more: Partial<ExternalWarehouseArgs> = {}) {
  const recorded = await recordResources();
  const warehouse = new ExternalWarehouse("warehouse", { ...args, ...more });
  await valueOf(warehouse.database);
  await settled(recorded);
  return { recorded, warehouse };
}

describe("ExternalWarehouse", () => {
  let recorded: Recorded[];
  let warehouse: ExternalWarehouse;
  beforeAll(async () => ({ recorded, warehouse } = await declare()));

  it("is a claim, every object of sql/ and their rows, and no container or volume", () => {
    const types = new Set(recorded.map(({ type }) => type));
    expect([...types].sort()).toEqual([
      "pulumi-nodejs:dynamic/clickhouse:SqlCatalog",
      "pulumi-nodejs:dynamic/clickhouse:SqlObject",
      "pulumi-nodejs:dynamic/steamline:ClickHouseClaim",
      "pulumi-nodejs:dynamic/steamline:StoredRows",
      "steamline:clickhouse:Warehouse",
    ]);
    expect(named(recorded, "warehouse-sql").inputs["external"]).toBe(true);
  });

  it("knows of every table whose rows go with the stack", () => {
    const { tables } = named(recorded, "warehouse-data").inputs as { tables: string[] };
    expect(tables).toEqual(expect.arrayContaining(["steam_top_games", "steam_ledger"]));
    expect(tables).not.toContain("kafka_steam_top_games");
  });

  it("keeps both passwords secret wherever they go", async () => {
    const shown = JSON.stringify(recorded.map(({ inputs }) => hidden(inputs)));
    expect(shown).toContain("steam_top_games");
    expect(shown).not.toContain('word"');
    expect(await pulumi.isSecret(warehouse.admin.password)).toBe(true);
    expect(await pulumi.isSecret(warehouse.reader.password)).toBe(true);
    expect(await pulumi.isSecret(warehouse.connection)).toBe(true);
  });

  it("is read by containers over HTTP, at the well-known port where it names none", async () => {
    expect(await valueOf(warehouse.inside)).toEqual({
      ...{ host: "warehouse.example", port: 8443, protocol: "http" },
      ...{ tls: { ca: "PEM" }, database: "rows_of_games" },
    });
    const { admin, reader } = args.access;
    const plain = await declare({
      access: { url: "http://warehouse", database: "default", admin, reader },
    });
    expect(await valueOf(plain.warehouse.inside)).toEqual({
      ...{ host: "warehouse", port: 80, protocol: "http", database: "default" },
    });
  });

  it("is refused in a database whose name means something else in sql/", async () => {
    const access = { ...args.access, database: "rank" };
    await expect(declare({ access })).rejects.toThrow(
      /^clickhouseExternalDatabase: rank means something else in sql\/.*Allowed: a name that no file/,
    );
  });
});
