import { describe, expect, it } from "vitest";
import { catalog } from "../../../../pipeline/simulator/catalog";
import { priceAt, reviewsAt } from "../../../../pipeline/simulator/market";
import { RANKED_GAMES, snapshotAt } from "../../../../pipeline/simulator/snapshot";

const time = new Date("2026-02-24T20:30:00Z");
const HOUR_MS = 3_600_000;

describe("catalog", () => {
  it("has more games than a ranking has lines, each once", () => {
    expect(catalog.length).toBeGreaterThanOrEqual(RANKED_GAMES);
    expect(new Set(catalog.map((game) => game.appid)).size).toBe(catalog.length);
    expect(catalog.find((game) => game.appid === 730)?.name).toBe("Counter-Strike 2");
  });
});

describe("snapshotAt", () => {
  it("gives the same ranking for the same seed and time, and another for another seed", () => {
    expect(snapshotAt(time, 1)).toEqual(snapshotAt(time, 1));
    expect(snapshotAt(time, 2)).not.toEqual(snapshotAt(time, 1));
  });

  it("is a hundred games, ranked by their players, none above its day's peak", () => {
    const ranking = snapshotAt(time, 1);
    expect(ranking.map(({ rank }) => rank)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    for (const [index, { currentPlayers, peakToday }] of ranking.entries()) {
      expect(peakToday).toBeGreaterThanOrEqual(currentPlayers);
      if (index > 0) expect(currentPlayers).toBeLessThanOrEqual(ranking[index - 1]!.currentPlayers);
    }
  });

  it("has peaks that only rise during a day", () => {
    let peak = 0;
    for (let hour = 0; hour < 24; hour++) {
      const at = new Date(Date.UTC(2026, 1, 24) + hour * HOUR_MS);
      const game = snapshotAt(at, 1).find((line) => line.game.appid === 730)!;
      expect(game.peakToday).toBeGreaterThanOrEqual(peak);
      peak = game.peakToday;
    }
  });

  it("has days and weeks: evenings and weekends are busier", () => {
    const total = (at: string) =>
      snapshotAt(new Date(at), 1).reduce((sum, line) => sum + line.currentPlayers, 0);
    const hours = Array.from({ length: 24 }, (_, hour) =>
      total(`2026-02-24T${String(hour).padStart(2, "0")}:00:00Z`),
    );
    expect(Math.max(...hours) / Math.min(...hours)).toBeGreaterThan(1.2);
    expect(total("2026-02-22T14:00:00Z")).toBeGreaterThan(total("2026-02-24T14:00:00Z"));
  });

  it("moves smoothly from one minute to the next", () => {
    for (let minute = 0; minute < 60; minute++) {
      const [now, next] = [0, 1].map(
        (step) => snapshotAt(new Date(time.getTime() + (minute + step) * 60_000), 1)[0]!,
      );
      expect(Math.abs(next!.currentPlayers / now!.currentPlayers - 1)).toBeLessThan(0.01);
    }
  });
});

describe("priceAt", () => {
  it("never asks more than the full price, and nothing for a free game", () => {
    for (const game of catalog) {
      const { initial, final, discountPercent } = priceAt(game, time.getTime(), 1);
      expect(initial).toBe(game.price);
      expect(final).toBe(Math.round((initial * (100 - discountPercent)) / 100));
      if (game.price === 0) expect(final).toBe(0);
    }
  });

  it("has more discounts in a season of sales", () => {
    const discounts = (at: string) =>
      catalog.filter((game) => priceAt(game, Date.parse(at), 1).discountPercent > 0).length;
    expect(discounts("2026-06-30T12:00:00Z")).toBeGreaterThan(discounts("2026-05-12T12:00:00Z"));
  });
});

describe("reviewsAt", () => {
  it("scores within the store's scale and grows with time", () => {
    for (const game of catalog) {
      const [now, later] = [time.getTime(), time.getTime() + 3.2e10].map((at) =>
        reviewsAt(game, at),
      );
      expect(now!.score).toBeGreaterThanOrEqual(0);
      expect(now!.score).toBeLessThanOrEqual(9);
      expect(later!.positive).toBeGreaterThanOrEqual(now!.positive);
    }
  });
});
