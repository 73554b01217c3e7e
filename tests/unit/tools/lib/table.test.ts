import { expect, it } from "vitest";
import { alignTable } from "../../../../tools/lib/table";

it("aligns columns, numbers to the right, and leaves no blanks at the end", () => {
  const rows = [
    ["name", "rows", ""],
    ["steam_top_games", "5", "x"],
  ];
  expect(alignTable(rows, [1])).toEqual(["name             rows", "steam_top_games     5  x"]);
  expect(alignTable([])).toEqual([]);
  expect(alignTable([["a"], ["b", "c"]])).toEqual(["a", "b  c"]);
});
