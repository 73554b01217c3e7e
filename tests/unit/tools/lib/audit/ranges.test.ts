import { describe, expect, it } from "vitest";
import { rangeWithout } from "../../../../../tools/lib/audit/ranges";

describe("a range without the known ones", () => {
  it.each([
    ["nothing known", [], [{ first: 5, last: 9 }]],
    ["known as a whole", [{ first: 0, last: 20 }], []],
    ["grown at its end", [{ first: 5, last: 6 }], [{ first: 7, last: 9 }]],
    ["grown at its beginning", [{ first: 8, last: 12 }], [{ first: 5, last: 7 }]],
    ["known elsewhere", [{ first: 0, last: 4 }, { first: 10, last: 11 }], [{ first: 5, last: 9 }]], // prettier-ignore
    ["known within", [{ first: 6, last: 6 }, { first: 8, last: 8 }], [{ first: 5, last: 5 }, { first: 7, last: 7 }, { first: 9, last: 9 }]], // prettier-ignore
  ])("%s", (_case, known, left) => {
    expect(rangeWithout({ first: 5, last: 9 }, known)).toEqual(left);
  });
});
