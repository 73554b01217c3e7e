import { expect, it } from "vitest";
import { evaluate } from "../../../../../tools/lib/status/evaluate";
import { renderStatus } from "../../../../../tools/lib/status/render";
import { observations, seen, stream } from "./observations";

const ill = evaluate(observations({ streams: [stream({ viewTarget: seen(false) })] }));

it("is a line for each hop, and what to do below each that is not healthy", () => {
  const lines = renderStatus(ill, false).split("\n");
  expect(lines[0]).toBe("stack dev: 1 of 9 hops not healthy");
  expect(lines).toHaveLength(11);
  expect(lines[6]).toMatch(/^NOT OK {2}view steam_top_games_mv +is not there$/);
  expect(lines[7]).toBe("        do: npm run up -- --refresh --stack dev");
  expect(lines.filter((line) => line.startsWith("ok      "))).toHaveLength(8);
});

it("says that all is well", () => {
  expect(renderStatus(evaluate(observations()), false)).toMatch(/^stack dev: all hops healthy\n/);
});

it("is coloured on a terminal only", () => {
  const escape = "\u001b[";
  expect(renderStatus(ill, true)).toContain(`${escape}31mNOT OK${escape}`);
  expect(renderStatus(ill, false)).not.toContain(escape);
});
