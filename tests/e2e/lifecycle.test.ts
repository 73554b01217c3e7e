import { describe, expect, it } from "vitest";
import { npm, npmOk, outputs, query, stack } from "./steamline";

interface Status {
  stack: string;
  healthy: boolean;
  hops: { name: string; healthy: boolean; detail: string }[];
}

describe("a stack that is up", () => {
  it("has rows in every table of the guide", async () => {
    for (const table of ["steam_top_games", "steam_game_details", "steam_hourly_stats"]) {
      expect(Number(await query(`SELECT count() FROM ${table}`)), table).toBeGreaterThan(0);
    }
  });

  it("stores a snapshot as it was polled: one time, ranks 1 to 100, each once", async () => {
    const snapshot = await query(
      `SELECT count(), uniqExact(rank), min(rank), max(rank), uniqExact(game_id)
       FROM steam_top_games WHERE fetch_time = (SELECT max(fetch_time) FROM steam_top_games) FORMAT CSV`,
    );
    expect(snapshot).toBe("100,100,1,100,100");
  });

  it("knows the producer's own figures, which do not come through Kafka", async () => {
    const figures = `SELECT count() FROM steam_producer_metrics WHERE name = 'polls_total' AND value > 0`;
    await expect
      .poll(async () => Number(await query(figures)), { timeout: 40_000 })
      .toBeGreaterThan(0);
  });

  it("is healthy hop by hop, in one JSON object", async () => {
    const { stdout } = await npmOk("status", ["--json", "--stack", stack]);
    const status = JSON.parse(stdout) as Status;
    expect(status.hops.filter((hop) => !hop.healthy)).toEqual([]);
    expect(status).toMatchObject({ stack, healthy: true });
    expect(status.hops.length).toBeGreaterThanOrEqual(7);
  });

  it("previews no change", async () => {
    const preview = await npm("preview", ["--stack", stack, "--expect-no-changes"]);
    expect(preview.code, preview.stdout + preview.stderr).toBe(0);
  });

  it("previews no change after reading what really stands", async () => {
    const preview = await npm("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
    expect(preview.code, preview.stdout + preview.stderr).toBe(0);
  });

  it("shows no drift to refresh", async () => {
    const args = ["refresh", "--preview-only", "--expect-no-changes", "--stack", stack];
    const refresh = await npm("pulumi", args);
    expect(refresh.code, refresh.stdout + refresh.stderr).toBe(0);
  });

  it("is left as it is by a second up", async () => {
    const before = await outputs();
    const up = await npmOk("up", ["--stack", stack, "--expect-no-changes"]);
    expect(up.stdout + up.stderr).toMatch(/unchanged/);
    expect(await outputs()).toEqual(before);
  });
});

describe("drift", () => {
  it("is seen by refresh and mended by the next up: a dropped view, an altered table", async () => {
    await query("DROP VIEW steam_hourly_stats_mv", "admin");
    await query(
      "ALTER TABLE steam_top_games MODIFY COLUMN game_name String COMMENT 'by hand'",
      "admin",
    );
    const seen = await npm("preview", ["--stack", stack, "--refresh", "--expect-no-changes"]);
    expect(seen.code).not.toBe(0);
    expect(seen.stdout).toMatch(/steam_hourly_stats_mv/);
    await npmOk("up", ["--stack", stack, "--refresh"]);
    expect(await query("EXISTS VIEW steam_hourly_stats_mv", "admin")).toBe("1");
    expect(
      await query(
        "SELECT comment FROM system.columns WHERE table = 'steam_top_games' AND name = 'game_name'",
      ),
    ).toBe("");
  });
});
