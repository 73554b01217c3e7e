import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const read = (page: string) => readFileSync(join(__dirname, "../../../docs", page), "utf8");

/** Lines of docs/scaling.md's tables that take figures from another page: what is said, and of which page. */
const quoted = [
  ...read("scaling.md").matchAll(/^\|[^|]*\|([^|]*)\|[^|]*\[figures\]\((.+?)\)/gm),
].map(([, said = "", page = ""]) => ({ said: said.trim(), page }));

describe("docs/scaling.md", () => {
  it("takes figures from other pages", () => {
    expect(new Set(quoted.map(({ page }) => page))).toEqual(
      new Set(["producer.md", "delivery.md"]),
    );
  });

  it.each(quoted)("says of $page what stands there: $said", ({ said, page }) => {
    const figures = said.match(/\d[\d,]*,\d{3}|\d+ ms/g) ?? [];
    expect(figures.length).toBeGreaterThan(1);
    // A page rounds no otherwise than to thousands.
    const known = read(page).replace(
      /(\d{3}),(\d{3})/g,
      (whole, thousands: string, rest: string) =>
        `${whole} ${Number(thousands) + Math.round(Number(rest) / 1000)},000`,
    );
    expect(figures.filter((figure) => !known.includes(figure))).toEqual([]);
  });
});
