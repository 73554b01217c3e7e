import type { Fault } from "./faults";

/** Faults that leave an answer in form, but with something odd in it. */
const DISTORTIONS = ["wrong-types", "duplicates", "new-field", "nameless"] as const;
export type Distortion = (typeof DISTORTIONS)[number];

export function isDistortion(fault: Fault): fault is Distortion {
  return DISTORTIONS.some((distortion) => distortion === fault);
}

interface Ranking {
  response: { ranks: Record<string, unknown>[] };
}

/** A ranking with the oddity in its second line. Other answers stay as they are. */
export function distorted(whole: unknown, distortion: Distortion): unknown {
  if (!isRanking(whole)) return whole;
  const ranks = whole.response.ranks.map((line, index) =>
    index === 1 ? oddLine(line, distortion, whole.response.ranks[0] ?? {}) : line,
  );
  return { response: { ...whole.response, ranks } };
}

function oddLine(line: Record<string, unknown>, distortion: Distortion, first: object): object {
  switch (distortion) {
    case "wrong-types":
      return { ...line, concurrent_in_game: String(line["concurrent_in_game"]) };
    case "duplicates":
      return { ...first };
    case "new-field":
      return { ...line, playtime_forever: 1 };
    case "nameless":
      return { ...line, item: undefined };
  }
}

function isRanking(whole: unknown): whole is Ranking {
  return typeof whole === "object" && whole !== null && "response" in whole;
}
