import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stackPorts } from "../../infra/names";
import { checkout, docker, leftovers, npm, npmOk, query } from "../e2e/steamline";

/** What stands for dev beside the stacks of pull requests. */
const beside = "stacks-dev";
const pullRequests = ["pr-901", "pr-902", "pr-903"] as const;
const all = [beside, ...pullRequests];
/** Wants a port that another has. */
const late = "pr-904";
const lateFile = join(checkout, `Pulumi.${late}.yaml`);

/** What a stack is and holds: its objects, each container's identity and start, and its rows up to a time. */
interface Seen {
  objects: string[];
  containers: string;
  rows: string;
}

const COLUMNS = "count(), sum(cityHash64(game_id, rank, current_players, fetch_time))";

async function look(name: string, until: string): Promise<Seen> {
  const ids = await docker("ps", "-q", "--filter", `label=steamline.stack=${name}`);
  const format = "{{.Id}} {{.Name}} {{.State.StartedAt}} {{.State.Running}}";
  const running = ids.split("\n").filter((id) => id !== "");
  return {
    objects: await leftovers(name),
    containers: await docker("inspect", "--format", format, ...running),
    rows: await query(
      `SELECT ${COLUMNS} FROM steam_top_games WHERE fetch_time <= toDateTime('${until}') FORMAT CSV`,
      "reader",
      name,
    ),
  };
}

/** Does something, and proves that none of `others` noticed. */
async function unnoticed(others: readonly string[], work: () => Promise<unknown>): Promise<void> {
  const until = new Date().toISOString().slice(0, 19).replace("T", " ");
  const before = await Promise.all(others.map((name) => look(name, until)));
  for (const { rows, objects } of before) {
    expect(Number(rows.split(",")[0])).toBeGreaterThanOrEqual(100);
    expect(objects.length).toBeGreaterThan(5);
  }
  await work();
  expect(await Promise.all(others.map((name) => look(name, until)))).toEqual(before);
}

beforeAll(async () => {
  for (const name of all) await npmOk("up", ["--stack", name]);
}, 900_000);

afterAll(async () => {
  rmSync(lateFile, { force: true });
  for (const name of [...all, late]) await npm("destroy", ["--stack", name]);
});

describe("three stacks of pull requests beside another, on one machine", () => {
  it("are each healthy, with names, ports and rows of their own", async () => {
    for (const name of all) {
      const status = await npm("status", ["--stack", name, "--json"]);
      expect(status.code, status.stdout).toBe(0);
    }
    const objects = (await Promise.all(all.map((name) => leftovers(name)))).flat();
    expect(new Set(objects).size).toBe(objects.length);
    const published = await docker(
      "ps",
      "--filter",
      "label=steamline.stack",
      "--format",
      "{{.Ports}}",
    );
    const ports = [...published.matchAll(/127\.0\.0\.1:(\d+)->/g)].map(([, port]) => port);
    expect(ports.length).toBeGreaterThanOrEqual(3 * all.length);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("refuse one more that wants a port of theirs, which is told both stacks, and nothing changes", async () => {
    const port = stackPorts("pr-901").kafka;
    writeFileSync(lateFile, `config:\n  kafkaPort: ${port}\n`);
    await unnoticed(all, async () => {
      const up = await npm("up", ["--stack", late]);
      expect(up.code, up.stdout).toBe(1);
      expect(up.stderr).toContain(
        `port ${port} (kafkaPort) is in use by the container pr-901-kafka of the stack pr-901`,
      );
      expect(up.stderr).toContain(`the stack ${late}`);
      expect(await leftovers(late)).toEqual([]);
    });
  });

  it.each([
    ["pr-902", [beside, "pr-901", "pr-903"]],
    ["pr-901", [beside, "pr-903"]],
    ["pr-903", [beside]],
  ])(
    "let %s go without a trace, and keep every container and row of the others",
    async (name, others) => {
      await unnoticed(others, () => npmOk("destroy", ["--stack", name]));
      expect(await leftovers(name)).toEqual([]);
      for (const other of others) {
        const status = await npm("status", ["--stack", other, "--json"]);
        expect(status.code, status.stdout).toBe(0);
      }
    },
  );
});
