import { expect, it } from "vitest";
import { evaluate } from "../../../../../tools/lib/status/evaluate";
import { statusMarkdown } from "../../../../../tools/lib/status/markdown";
import { sampleOutputs } from "../sample-outputs";
import { observations, seen, stream } from "./observations";

it("tells of a stack's places and hops in a comment with a mark, and of no password", () => {
  const text = statusMarkdown(evaluate(observations()), sampleOutputs);
  expect(text).toMatch(/^<!-- steamline stack dev -->\n### Stack `dev` is up, all hops healthy\n/);
  expect(text).toContain("| ClickHouse | http://localhost:8123 |");
  expect(text).toContain("| view steam_top_games_mv |");
  expect(text).not.toContain("secret");
});

it("names the hop that is not healthy", () => {
  const ill = evaluate(observations({ streams: [stream({ viewTarget: seen(false) })] }));
  expect(statusMarkdown(ill, sampleOutputs)).toContain(
    "| **not healthy** view steam_top_games_mv |",
  );
});
