import { describe, expect, it } from "vitest";
import { ifAbsent } from "../../../bench/lifecycle/by-hand";
import { createArguments } from "../../../bench/lifecycle/docker-run";
import { readEvent } from "../../../bench/lifecycle/event-log";
import { phasesOf, type EngineEvent } from "../../../bench/lifecycle/phases";
import { renderReport, reportOf, type Round } from "../../../bench/lifecycle/report";
import { rowsAfter } from "../../../bench/lifecycle/steamline";

const container = "docker:index/container:Container";
const event = (atMs: number, kind: EngineEvent["kind"], type = "", name = ""): EngineEvent => ({
  ...{ atMs, kind, type, name },
});

describe("where the time of a command goes", () => {
  const events = [
    event(900, "prelude"),
    event(1_500, "begin", "steamline:kafka:Broker", "broker"),
    event(2_000, "begin", container, "broker-container"),
    event(2_100, "begin", container, "warehouse-container"),
    event(5_000, "end", container, "warehouse-container"),
    event(5_100, "begin", "pulumi-nodejs:dynamic/clickhouse:SqlObject", "a"),
    event(5_900, "end", "pulumi-nodejs:dynamic/clickhouse:SqlObject", "b"),
    event(8_000, "end", container, "broker-container"),
    event(8_100, "summary"),
  ];

  it("is told by kinds of resources, which overlap", () => {
    const phases = phasesOf({ events, totalMs: 12_000, rowsMs: 11_000 });
    expect(phases.map(({ name, fromMs, toMs }) => [name.split(/[:,]/)[0], fromMs, toMs])).toEqual([
      ["set-up", 0, 900],
      ["Pulumi", 900, 2_000],
      ["container broker", 2_000, 8_000],
      ["container warehouse", 2_100, 5_000],
      ["SQL objects", 5_100, 5_900],
      ["until rows are seen", 8_100, 11_000],
      ["status of every hop", 11_000, 12_000],
    ]);
  });

  it("is one stretch where Pulumi told nothing", () => {
    expect(phasesOf({ events: [], totalMs: 5 })).toEqual([{ name: "all", fromMs: 0, toMs: 5 }]);
  });

  it("ends with what follows, for a command that waits for no rows", () => {
    const last = phasesOf({ events, totalMs: 9_000 }).at(-1);
    expect(last).toEqual({ name: "after Pulumi", fromMs: 8_100, toMs: 9_000 });
  });
});

describe("Pulumi's event log", () => {
  it("tells when a resource begins and ends, and nothing of diagnostics", () => {
    const metadata = { type: "t", urn: "urn:pulumi:bench::steamline::a$t::name" };
    const line = (more: object) => JSON.stringify({ sequence: 1, timestamp: 1, ...more });
    expect(readEvent(line({ preludeEvent: {} }), 5)?.kind).toBe("prelude");
    expect(readEvent(line({ resourcePreEvent: { metadata } }), 5)).toEqual(
      event(5, "begin", "t", "name"),
    );
    expect(readEvent(line({ resOutputsEvent: { metadata } }), 6)?.kind).toBe("end");
    expect(readEvent(line({ diagnosticEvent: {} }), 7)).toBeUndefined();
  });
});

describe("up's last line", () => {
  it("tells when rows were seen", () => {
    expect(rowsAfter("x\nrows after 9.8 s, all of it took 10 s\n")).toBe(9_800);
    expect(rowsAfter("rows after 1 min 05 s, all of it took 2 min 00 s")).toBe(65_000);
    expect(rowsAfter("nothing")).toBeUndefined();
  });
});

describe("a container by hand", () => {
  const names = { network: "net", label: "l=1", named: (name: string) => `by-hand-${name}` };

  it("has the settings that docker inspect shows", () => {
    const words = createArguments(
      {
        Name: "/bench-kafka",
        Image: "sha256:1",
        Config: {
          Env: ["A=1 2"],
          Cmd: ["node", "x.js"],
          User: "kafka",
          Hostname: "kafka",
          Healthcheck: { Test: ["CMD", "sh", "-c", "it's"], Interval: 1e9, Retries: 10 },
        },
        HostConfig: {
          Binds: ["steamline-bench-kafka:/data:rw", "/etc/x:/x:ro"],
          Memory: 1024,
          ReadonlyRootfs: true,
          PortBindings: { "9092/tcp": [{ HostIp: "127.0.0.1", HostPort: "20000" }] },
          LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
          RestartPolicy: { Name: "unless-stopped" },
        },
      },
      names,
    );
    const text = words.join(" ");
    expect(text).toContain("--name by-hand-bench-kafka");
    expect(text).toContain("-p 127.0.0.1:20000:9092/tcp");
    expect(text).toContain("-v by-hand-steamline-bench-kafka:/data:rw -v /etc/x:/x:ro");
    expect(text).toContain("--read-only --memory 1024 --memory-swap 1024");
    expect(words[words.indexOf("--health-cmd") + 1]).toBe(`'sh' '-c' 'it'\\''s'`);
    expect(words.slice(-3)).toEqual(["sha256:1", "node", "x.js"]);
  });

  it("gets its SQL a second time without harm", () => {
    expect(ifAbsent("CREATE TABLE t (a Int8)")).toBe("CREATE TABLE IF NOT EXISTS t (a Int8)");
    expect(ifAbsent("CREATE MATERIALIZED VIEW v TO t")).toBe(
      "CREATE MATERIALIZED VIEW IF NOT EXISTS v TO t",
    );
    expect(ifAbsent("CREATE NAMED COLLECTION c AS a = 1")).toBe(
      "CREATE NAMED COLLECTION IF NOT EXISTS c AS a = 1",
    );
  });
});

describe("the report", () => {
  const machine = { processor: "P", cores: 2, memoryGib: 8, node: "v20" };
  const side = (ms: number) => ({ ms, phases: [{ name: `took ${ms}`, fromMs: 0, toMs: ms }] });
  const round = (up: number): Round => ({
    up: { steamline: { ...side(up), rowsMs: up - 1_000 }, byHand: side(10_000) },
    unchanged: { steamline: side(5_000), byHand: side(1_000) },
    preview: { steamline: side(2_000), byHand: side(500) },
    destroy: { steamline: side(6_000), byHand: side(3_000) },
  });
  const traced = { up: side(1), unchanged: side(2), preview: side(3), destroy: side(4) };
  const report = reportOf(machine, [round(12_000), round(20_000), round(14_000)], traced);

  it("stands beside the work by hand, and says which target is missed", () => {
    expect(report.steps.map(({ name, ratio, met }) => [name, ratio, met])).toEqual([
      ["up", 1.4, true],
      ["unchanged", 5, false],
      ["preview", 4, true],
      ["destroy", 2, true],
    ]);
  });

  it("tells where the time goes by the traced life, whose times do not count", () => {
    expect(report.steps.map(({ phases }) => phases.steamline[0]?.name)).toEqual([
      "took 1",
      "took 2",
      "took 3",
      "took 4",
    ]);
    expect(report.steps[0]?.phases.byHand[0]?.name).toBe("took 10000");
  });

  it("is a table for people", () => {
    const text = renderReport(report);
    expect(text).toMatch(
      /up, from nothing to first rows +14\.0 s \(12\.0 to 20\.0\) +25\.0 s +10\.0 s .* 1\.40x/,
    );
    expect(text).toMatch(/up, with no change .* 4\.0 s missed/);
    expect(text).toContain("rows were seen after 13.0 s (11.0 to 19.0)");
  });
});
