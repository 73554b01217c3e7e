import { expect, it } from "vitest";
import { createProgress } from "../../tools/lib/progress";
import { compare } from "./checker";
import { faults, shortRun } from "./data-faults";
import { canCutPower } from "./disk";
import { renderChaos } from "./report";
import { runChaos } from "./rounds";

it("names what is lost, repeated, changed and made up", () => {
  const whole = { rows: 1_000, keys: 1_000, wrong: 0 };
  const promised = new Set([1, 2, 3, 4]);
  expect(
    compare(
      [1, 2, 3, 4].map((number) => ({ number, ...whole })),
      promised,
      promised,
    ),
  ).toEqual([]);
  const seen = [
    { ...whole, number: 2, rows: 999, keys: 999 },
    { ...whole, number: 3, rows: 1_001 },
    { ...whole, number: 4, wrong: 1 },
    { ...whole, number: 5 },
  ];
  expect(compare(seen, promised, promised)).toEqual([
    "lost: snapshots 1, 2",
    "repeated: snapshots 3",
    "not as sent: snapshots 4",
    "never sent: snapshots 5",
  ]);
});

it("loses and repeats nothing while each of the short faults strikes", async () => {
  const short = faults.filter(({ name }) => shortRun.includes(name));
  expect(short).toHaveLength(shortRun.length);
  const hasPower = await canCutPower();
  const chosen = short.filter(({ cutsPower }) => hasPower || cutsPower !== true);
  const seed = Math.floor(Math.random() * 1_000_000);
  const report = await runChaos({ rounds: chosen.length, seed, faults: chosen }, createProgress());
  process.stdout.write(`${renderChaos(report)}\n`);
  expect(report.final.findings, `seed ${seed}`).toEqual([]);
  expect(
    report.rounds.flatMap(({ findings }) => findings),
    `seed ${seed}`,
  ).toEqual([]);
  expect(report.final.acknowledged).toBeGreaterThan(10_000);
  expect(report.final.badMessages).toBeGreaterThan(1_900);
});
