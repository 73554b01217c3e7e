import { describe, expect, it, onTestFinished } from "vitest";
import { PipelineError } from "../../../../pipeline/errors";
import { HttpClient } from "../../../../pipeline/http/client";
import { Budget } from "../../../../pipeline/source/budget";
import { Names } from "../../../../pipeline/source/names";
import {
  SteamGameDetails,
  type SteamGameDetailsArgs,
} from "../../../../pipeline/source/steam-game-details";
import { Store } from "../../../../pipeline/source/store";
import { never, serve, simulate } from "../listen";

const unlimited = { name: () => Promise.resolve(undefined) };

function source(args: Partial<SteamGameDetailsArgs>): SteamGameDetails {
  return new SteamGameDetails({
    store: {
      page: (id) => Promise.resolve({ name: `Game ${id}`, genres: [] }),
      reviewScore: () => Promise.resolve(8),
    },
    topic: "details",
    intervalSeconds: 3600,
    names: new Names(unlimited),
    ranked: () => [10, 20],
    ...args,
  });
}

async function store(url: string): Promise<Store> {
  const http = new HttpClient({ timeoutMs: 500, attempts: 2, firstBackoffMs: 5 });
  onTestFinished(() => http.close());
  return new Store(http, url, new Budget(1000, 1000));
}

describe("SteamGameDetails", () => {
  it("makes a record of a game's page and reviews", async () => {
    const names = new Names(unlimited);
    const polled = source({
      store: {
        page: () =>
          Promise.resolve({
            name: "Half-Life",
            genres: ["Action"],
            price: { currency: "USD", initial: 999, final: 99, discountPercent: 90 },
          }),
        reviewScore: () => Promise.resolve(9),
      },
      names,
      ranked: () => [70],
    });
    const { records } = await polled.poll(new Date("2026-02-24T10:00:00Z"), never);
    expect(records).toEqual([
      {
        game_id: 70,
        game_name: "Half-Life",
        genres: ["Action"],
        original_price: 9.99,
        final_price: 0.99,
        discount_percent: 90,
        currency: "USD",
        review_score: 9,
        fetch_time: "2026-02-24 10:00:00",
      },
    ]);
    expect(names.of(70)).toBe("Half-Life");
  });

  it("visits each game when it first appears, a few at a time, and then once in a tour", async () => {
    const ids = Array.from({ length: 25 }, (_, i) => i + 1);
    const polled = source({ ranked: () => ids });
    const visited: number[] = [];
    for (let i = 0; i < 3; i++) {
      expect(polled.nextPollAt(Date.now())).toBeLessThanOrEqual(Date.now());
      const { records } = await polled.poll(new Date(), never);
      expect(records.length).toBeLessThanOrEqual(10);
      visited.push(...records.map((record) => Number(record["game_id"])));
    }
    expect(visited.sort((a, b) => a - b)).toEqual(ids);
    expect((await polled.poll(new Date(), never)).records).toEqual([]);
    expect(polled.nextPollAt(Date.now())).toBeGreaterThan(Date.now());
  });

  it("waits while there is no ranking", () => {
    expect(source({ ranked: () => [] }).nextPollAt(1000)).toBeGreaterThan(1000);
  });

  it("leaves out a game without a page, and tells one that could not be had", async () => {
    const polled = source({
      store: {
        page: (id) => {
          if (id === 10) return Promise.resolve(undefined);
          throw new PipelineError("HTTP_TIMEOUT", "store page of app 20: no answer");
        },
        reviewScore: () => Promise.resolve(0),
      },
    });
    const { records, problems } = await polled.poll(new Date(), never);
    expect(records).toEqual([]);
    expect(problems).toEqual(["store page of app 20: no answer"]);
    expect((await polled.poll(new Date(), never)).problems).toEqual([]);
  });
});

describe("Store", () => {
  it("reads the simulated store", async () => {
    const asked = await store(await simulate());
    expect(await asked.page(730, never)).toMatchObject({ name: "Counter-Strike 2" });
    expect(await asked.name(730, never)).toBe("Counter-Strike 2");
    expect(await asked.page(1, never)).toBeUndefined();
    expect(await asked.reviewScore(730, never)).toBeGreaterThan(0);
  });

  it("takes an empty list for a page without what was asked", async () => {
    const url = await serve((_, response) => response.end('{"5":{"success":true,"data":[]}}'));
    expect(await (await store(url)).page(5, never)).toBeUndefined();
  });

  it("names the field that is not as expected", async () => {
    const data = { name: "x", price_overview: { currency: "USD", initial: "1", final: 1 } };
    const url = await serve((_, response) =>
      response.end(JSON.stringify({ 5: { success: true, data } })),
    );
    await expect((await store(url)).page(5, never)).rejects.toThrow(
      /store page of app 5: .*data\.price_overview\.initial: expected number/,
    );
  });
});

describe("Budget", () => {
  it("lets so many calls through in a window, and makes the next ones wait", async () => {
    const budget = new Budget(2, 80);
    const started = Date.now();
    await budget.take(never);
    await budget.take(never);
    expect(Date.now() - started).toBeLessThan(50);
    await budget.take(never);
    expect(Date.now() - started).toBeGreaterThanOrEqual(80);
  });

  it("ends the wait when stopped", async () => {
    const budget = new Budget(1, 60_000);
    await budget.take(never);
    await expect(budget.take(AbortSignal.timeout(10))).rejects.toMatchObject({ code: "STOPPED" });
  });
});

describe("Names", () => {
  it("asks the store once for each name, and not again soon for one that fails", async () => {
    const asked: number[] = [];
    const names = new Names({
      name: (id) => {
        asked.push(id);
        if (id === 2) throw new PipelineError("HTTP_TIMEOUT", "no answer");
        return Promise.resolve(id === 3 ? undefined : `Game ${id}`);
      },
    });
    names.learn(4, "Known");
    expect(await names.lookUp([1, 2, 3, 4], 1000, never)).toEqual(["no answer"]);
    expect(await names.lookUp([1, 2, 3, 4], 1000, never)).toEqual([]);
    expect(asked.sort()).toEqual([1, 2, 3]);
    expect([1, 2, 3, 4].map((id) => names.of(id))).toEqual(["Game 1", "App 2", "App 3", "Known"]);
  });
});
