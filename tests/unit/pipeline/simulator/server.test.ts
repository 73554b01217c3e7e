import { describe, expect, it } from "vitest";
import { FAULTS, faultOf, type Fault } from "../../../../pipeline/simulator/faults";
import { readSimulatorOptions } from "../../../../pipeline/simulator/options";
import { simulate } from "../listen";

const RANKING = "/ISteamChartsService/GetGamesByConcurrentPlayers/v1/";
const now = () => new Date("2026-02-24T20:30:00Z");

async function json(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

describe("the simulated Steam", () => {
  it("answers with a ranking in Steam's shape, with names only where they are asked for", async () => {
    const url = await simulate({ now });
    const plain = (await json(url + RANKING)) as { response: { ranks: object[] } };
    expect(plain.response.ranks).toHaveLength(100);
    expect(plain.response.ranks[0]).toEqual({
      rank: 1,
      appid: 730,
      concurrent_in_game: expect.any(Number) as number,
      peak_in_game: expect.any(Number) as number,
    });
    const input = encodeURIComponent(
      JSON.stringify({ data_request: { include_basic_info: true } }),
    );
    const named = (await json(`${url}${RANKING}?input_json=${input}`)) as typeof plain;
    expect(named.response.ranks[0]).toMatchObject({
      appid: 730,
      item: { name: "Counter-Strike 2" },
    });
  });

  it("answers with a store page, and with success false for a game it does not sell", async () => {
    const url = await simulate({ now });
    expect(await json(`${url}/api/appdetails?appids=730`)).toMatchObject({
      730: { success: true, data: { name: "Counter-Strike 2", is_free: true } },
    });
    expect(await json(`${url}/api/appdetails?appids=1`)).toEqual({ 1: { success: false } });
  });

  it("answers with reviews", async () => {
    const url = await simulate({ now });
    expect(await json(`${url}/appreviews/730?json=1`)).toMatchObject({
      success: 1,
      query_summary: { review_score: expect.any(Number) as number },
    });
  });

  it("turns the store's callers away above its limit, but not the ranking's", async () => {
    const url = await simulate({ storeCallsPer5Minutes: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++)
      statuses.push((await fetch(`${url}/api/appdetails?appids=730`)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await fetch(url + RANKING)).status).toBe(200);
  });

  it("has no other paths and no other methods", async () => {
    const url = await simulate();
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(url + RANKING, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe("a fault", () => {
  async function answerTo(fault: Fault): Promise<{ status: number; text: string; after?: string }> {
    const url = await simulate({ fault: () => fault });
    const response = await fetch(url + RANKING, { signal: AbortSignal.timeout(200) });
    const after = response.headers.get("retry-after");
    const text = await response.text();
    return { status: response.status, text, ...(after === null ? {} : { after }) };
  }

  it("comes as often as the rate says, the same way for the same seed", () => {
    const faults = Array.from({ length: 2000 }, (_, request) => faultOf(request, 7, 0.3));
    expect(faults).toEqual(Array.from({ length: 2000 }, (_, request) => faultOf(request, 7, 0.3)));
    const share = faults.filter((fault) => fault !== undefined).length / faults.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
    expect(new Set(faults).size).toBe(FAULTS.length + 1);
    expect(Array.from({ length: 500 }, (_, i) => faultOf(i, 7, 0))).toEqual(
      Array<undefined>(500).fill(undefined),
    );
  });

  it("is an answer that never comes, or a connection that breaks", async () => {
    await expect(answerTo("timeout")).rejects.toThrow();
    await expect(answerTo("reset")).rejects.toThrow();
  });

  it("is an error, with and without a word on when to come back", async () => {
    expect(await answerTo("error")).toMatchObject({ status: 500 });
    expect(await answerTo("rate-limit")).toEqual({ status: 429, text: "null" });
    expect(await answerTo("rate-limit-with-delay")).toMatchObject({ status: 429, after: "1" });
  });

  it("is half an answer, a page for people, or nothing in the right form", async () => {
    for (const fault of ["truncated", "truncated-gzip"] as const) {
      const { text } = await answerTo(fault);
      expect(() => JSON.parse(text) as unknown).toThrow();
    }
    expect((await answerTo("html")).text).toMatch(/^<!DOCTYPE html>/);
    expect(JSON.parse((await answerTo("empty")).text) as unknown).toMatchObject({
      response: { ranks: [] },
    });
    expect(JSON.parse((await answerTo("unsuccessful")).text)).toEqual({ response: {} });
  });

  it("is one odd line of a ranking that is whole otherwise", async () => {
    const second = async (fault: Fault): Promise<unknown> => {
      const { response } = JSON.parse((await answerTo(fault)).text) as {
        response: { ranks: unknown[] };
      };
      expect(response.ranks).toHaveLength(100);
      return response.ranks[1];
    };
    expect(await second("wrong-types")).toMatchObject({
      concurrent_in_game: expect.any(String) as string,
    });
    expect(await second("duplicates")).toMatchObject({ appid: 730 });
    expect(await second("new-field")).toMatchObject({ playtime_forever: 1 });
    expect(await second("nameless")).not.toHaveProperty("item");
  });
});

describe("readSimulatorOptions", () => {
  it("has a default for everything and names what is wrong", () => {
    expect(readSimulatorOptions({})).toEqual({
      port: 8080,
      seed: 1,
      faultRate: 0,
      storeCallsPer5Minutes: 0,
    });
    expect(readSimulatorOptions({ FAULT_RATE: "0.05", SEED: "7" })).toMatchObject({
      faultRate: 0.05,
      seed: 7,
    });
    expect(() => readSimulatorOptions({ FAULT_RATE: "2", PORT: "x" })).toThrow(/has 2 faults/);
  });
});
