import { describe, expect, it, onTestFinished } from "vitest";
import { HttpClient } from "../../../../pipeline/http/client";
import { Names } from "../../../../pipeline/source/names";
import { SteamTopGames } from "../../../../pipeline/source/steam-top-games";
import { never, serve, simulate } from "../listen";

const time = new Date("2026-02-24T20:30:00.500Z");
const noStore = { name: () => Promise.resolve(undefined) };

function made(apiUrl: string, apiKey?: string) {
  const http = new HttpClient({ timeoutMs: 500, attempts: 2, firstBackoffMs: 5 });
  onTestFinished(() => http.close());
  const steam = { apiUrl, apiKey, names: new Names(noStore), ranked: [] as readonly number[] };
  return { steam, source: new SteamTopGames({ http, steam, topic: "top", intervalSeconds: 60 }) };
}

function source(apiUrl: string, apiKey?: string): SteamTopGames {
  return made(apiUrl, apiKey).source;
}

function serveRanks(ranks: unknown): Promise<string> {
  return serve((_, response) => response.end(JSON.stringify({ response: { ranks } })));
}

const line = { rank: 1, appid: 730, concurrent_in_game: 10, peak_in_game: 20 };

describe("SteamTopGames", () => {
  it("makes a record of each line, all with the poll's time in UTC", async () => {
    const snapshot = await source(await simulate({ now: () => time })).poll(time, never);
    expect(snapshot).toMatchObject({
      source: "steam-top-games",
      topic: "top",
      fetchTime: "2026-02-24 20:30:00",
      problems: [],
    });
    expect(snapshot.records).toHaveLength(100);
    expect(snapshot.records[0]).toEqual({
      game_id: 730,
      game_name: "Counter-Strike 2",
      current_players: expect.any(Number) as number,
      peak_today: expect.any(Number) as number,
      rank: 1,
      fetch_time: "2026-02-24 20:30:00",
    });
    expect(new Set(snapshot.records.map((record) => record["fetch_time"])).size).toBe(1);
  });

  it("uses what is well formed and names the field of what is not", async () => {
    const url = await serveRanks([
      line,
      { ...line, appid: "570" },
      { ...line, appid: 570, concurrent_in_game: -1 },
      { ...line, appid: 440, peak_in_game: 2 ** 32 },
      { ...line, appid: 550, news: "a field that Steam adds one day" },
    ]);
    const { records, problems } = await source(url).poll(time, never);
    expect(records.map((record) => record["game_id"])).toEqual([730, 550]);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^ranking: response\.ranks\[1\]\.appid: expected number/);
    expect(problems[1]).toMatch(/response\.ranks\[2\]\.concurrent_in_game/);
    expect(problems[2]).toMatch(/response\.ranks\[3\]\.peak_in_game/);
  });

  it("takes a game that is there twice once", async () => {
    const url = await serveRanks([line, { ...line, rank: 2 }]);
    const { records, problems } = await source(url).poll(time, never);
    expect(records).toHaveLength(1);
    expect(problems).toEqual(["ranking: response.ranks[1]: app 730 is there twice"]);
  });

  it("calls a game without a name by its id", async () => {
    const url = await serveRanks([line, { ...line, appid: 9, item: { name: "" } }]);
    const { records } = await source(url).poll(time, never);
    expect(records.map((record) => record["game_name"])).toEqual(["App 730", "App 9"]);
  });

  it.each([
    ["an empty ranking", { response: { ranks: [] } }, /response\.ranks/],
    ["no ranking", { response: {} }, /response\.ranks/],
    ["only lines of the wrong kind", { response: { ranks: [{ rank: "1" }] } }, /ranks\[0\]\.rank/],
    ["another answer", [], /ranking:/],
  ])("fails on %s, naming the field", async (_, body, message) => {
    const url = await serve((__, response) => response.end(JSON.stringify(body)));
    const polling = source(url).poll(time, never);
    await expect(polling).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
    await expect(polling).rejects.toThrow(message);
  });

  it("sends the key in a header, and never in the address", async () => {
    const seen: { url?: string | undefined; key?: unknown } = {};
    const url = await serve((request, response) => {
      Object.assign(seen, { url: request.url, key: request.headers["x-webapi-key"] });
      response.end(JSON.stringify({ response: { ranks: [line] } }));
    });
    await source(url, "0123ABCD").poll(time, never);
    expect(seen.key).toBe("0123ABCD");
    expect(seen.url).not.toMatch(/0123ABCD/);
  });

  it("is due at once, and then at whole multiples of its interval", async () => {
    const polled = source(await serveRanks([line]));
    expect(polled.nextPollAt(90_500)).toBe(90_500);
    await polled.poll(time, never);
    expect(polled.nextPollAt(90_500)).toBe(120_000);
    expect(polled.nextPollAt(120_000)).toBe(180_000);
  });

  it("is due again soon where the clock goes back", async () => {
    const polled = source(await serveRanks([line]));
    await polled.poll(time, never);
    expect(polled.nextPollAt(30_000)).toBe(60_000);
  });

  it("remembers the ranked games, by rank", async () => {
    const { steam, source: polled } = made(await simulate({ now: () => time }));
    await polled.poll(time, never);
    expect(steam.ranked).toHaveLength(100);
    expect(steam.ranked[0]).toBe(730);
  });
});
