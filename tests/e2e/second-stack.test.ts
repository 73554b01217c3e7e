import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { docker, leftovers, npm, npmOk, query, stack, start } from "./steamline";

/** A stack beside the suite's own. */
const second = "e2e-two";

afterAll(async () => {
  await npm("destroy", ["--stack", second]);
});

describe("a second stack beside the first", () => {
  it("comes up although its first up was killed at three points in turn", async () => {
    for (const killAfterMs of [3_000, 6_000, 12_000]) {
      const up = start("npm", ["run", "-s", "up", "--", "--stack", second]);
      await sleep(killAfterMs);
      if (up.child.pid !== undefined && up.child.exitCode === null)
        process.kill(-up.child.pid, "SIGKILL");
      await up.finished;
    }
    const up = await npmOk("up", ["--stack", second]);
    expect(up.stdout).toMatch(/steam_top_games/);
    expect(
      Number(await query("SELECT count() FROM steam_top_games", "reader", second)),
    ).toBeGreaterThan(0);
    const preview = await npm("preview", ["--stack", second, "--refresh", "--expect-no-changes"]);
    expect(preview.code, preview.stdout + preview.stderr).toBe(0);
  });

  it("leaves the first healthy, and is healthy itself", async () => {
    for (const name of [stack, second]) {
      const status = await npm("status", ["--stack", name, "--json"]);
      expect(status.code, status.stdout).toBe(0);
    }
  });

  it("mends a container removed by hand and loses no row", async () => {
    const before = Number(await query("SELECT count() FROM steam_top_games", "reader", second));
    await docker("rm", "-f", `${second}-clickhouse-server`);
    const status = await npm("status", ["--stack", second, "--json"]);
    expect(status.code).toBe(1);
    await npmOk("up", ["--stack", second, "--refresh"]);
    expect(
      Number(await query("SELECT count() FROM steam_top_games", "reader", second)),
    ).toBeGreaterThanOrEqual(before);
  });

  it("starts a broker that was killed, and reads what stands once it answers", async () => {
    await docker("kill", `${second}-kafka`);
    await npmOk("up", ["--stack", second, "--refresh"]);
  });

  it("lets only one up run at a time", async () => {
    const first = npm("up", ["--stack", second]);
    await sleep(1_500);
    const other = await npm("up", ["--stack", second]);
    const finished = await first;
    const codes = [finished.code, other.code];
    expect(codes).toContain(0);
    const refused = codes.indexOf(1) === 0 ? finished : other;
    if (codes.includes(1)) expect(refused.stdout + refused.stderr).toMatch(/lock|another/i);
  });

  it("is destroyed without a trace, and the first does not notice", async () => {
    const destroy = await npmOk("destroy", ["--stack", second]);
    expect(await leftovers(second)).toEqual([]);
    expect(destroy.stdout).toMatch(/no container, network or volume/i);
    const status = await npm("status", ["--stack", stack, "--json"]);
    expect(status.code, status.stdout).toBe(0);
  });
});
