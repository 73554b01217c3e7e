import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countLetters, readLetters, type Letter } from "../../tools/lib/dead-letters/letter";
import {
  bytesOf,
  replay,
  REPLAYED_HEADER,
  type ReplayTarget,
} from "../../tools/lib/dead-letters/replay";
import { LogReader } from "../../tools/lib/audit/read-back";
import { audit } from "../../tools/lib/audit/audit";
import { findingsOf } from "../../tools/lib/audit/findings";
import { record } from "./bad-messages";
import { startStand, type Stand } from "./stand";
import { ask, groups, makeWarehouse, reaches, topics } from "./warehouse";

let stand: Stand;
let target: ReplayTarget;
const bad = {
  unreadable: "{\"game_id\": \u0001 'quoted'",
  broken: JSON.stringify(record({ game_id: 570, rank: 70_000 })),
  early: JSON.stringify(record({ game_id: 440, fetch_time: "2000-01-01 00:00:00" })),
};

beforeAll(async () => {
  stand = await startStand();
  await makeWarehouse(stand);
  target = {
    kafka: { brokers: stand.brokers },
    database: "default",
    ask: (sql) => ask(stand, sql),
    tableOf: (topic) => (topic === topics.topGames ? "steam_top_games" : undefined),
  };
  const producer = stand.kafka.producer();
  await producer.connect();
  const messages = Object.entries(bad).map(([key, value]) => ({
    partition: 1,
    key,
    value,
    headers: { sender: "a test" },
  }));
  await producer.send({ topic: topics.topGames, messages });
  await producer.disconnect();
  await reaches(stand, "SELECT count() FROM steam_dead_letters", 3);
});
afterAll(() => stand.close());

async function letterOf(key: string): Promise<Letter> {
  const found = await readLetters(target.ask);
  return found.find((letter) => letter.key === key && letter.offset < 3)!;
}

describe("dead letters", () => {
  it("are listed with place, error, headers and bytes", async () => {
    expect(await letterOf("unreadable")).toMatchObject({
      topic: topics.topGames,
      partition: 1,
      offset: 0,
      replays: 0,
      headers: [{ name: "sender", value: "a test" }],
      raw: Buffer.from(bad.unreadable),
      readAs: [],
    });
    const found = await readLetters(target.ask, { error: "RANK CANNOT" });
    expect(found.map(({ key }) => key)).toEqual(["broken"]);
  });

  it("give the bytes of one that was parsed from Kafka", async () => {
    expect(await bytesOf({ brokers: stand.brokers }, await letterOf("broken"))).toEqual(
      Buffer.from(bad.broken),
    );
  });

  it("are counted by error, whatever the values in it", async () => {
    const counts = await countLetters(target.ask, {});
    expect(counts.map(({ kind, messages }) => [kind, messages])).toContainEqual([
      "Contract: rank cannot be ...",
      1,
    ]);
    expect(counts).toHaveLength(3);
  });
});

describe("a replay", () => {
  it.each(Object.keys(bad))(
    "of a message that is still bad is refused with the reason: %s",
    async (key) => {
      const letter = await letterOf(key);
      const done = await replay(target, letter);
      expect(done).toMatchObject({ outcome: "still bad", to: undefined });
      expect(done.detail).not.toBe("");
      expect((await letterOf(key)).replays).toBe(0);
    },
  );

  it("of mended bytes is stored, marked, keeps key and headers, and is noted", async () => {
    const mended = Buffer.from(JSON.stringify(record({ game_id: 570, rank: 7 })));
    const done = await replay(target, await letterOf("broken"), mended);
    expect(done).toMatchObject({ outcome: "stored", from: "1/1", to: "1/3" });
    expect(await ask(stand, "SELECT rank FROM steam_top_games WHERE game_id = 570")).toEqual([
      { rank: 7 },
    ]);
    expect((await letterOf("broken")).replays).toBe(1);
    expect(await readLetters(target.ask)).toHaveLength(3);
  });

  it("after a change of the contract sends what was sent at first, with its headers and a mark", async () => {
    const views = await ask<{ name: string; query: string }>(
      stand,
      "SELECT name, as_select AS query FROM system.tables WHERE name LIKE 'steam_top_games_%mv'",
    );
    expect(views).toHaveLength(4);
    for (const { name, query } of views)
      await ask(
        stand,
        `ALTER TABLE ${name} MODIFY QUERY ${query.replaceAll("2003-09-12", "1990-01-01")}`,
      );
    // A round of reading that has begun still has the views as they were.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const done = await replay(target, await letterOf("early"));
    expect(done).toMatchObject({ outcome: "stored", to: "1/4" });
    const reader = new LogReader({ brokers: stand.brokers });
    const [sent] = await reader.read(topics.topGames, 1, [{ first: 4, last: 4 }]);
    reader.close();
    expect(sent?.value).toEqual(Buffer.from(bad.early));
    expect(sent?.key?.toString()).toBe("early");
    expect(sent?.headers.map(({ name, value }) => [name, value.toString()])).toEqual([
      ["sender", "a test"],
      [REPLAYED_HEADER, `${topics.topGames}/1/2`],
    ]);
  });

  it("leaves the audit complete", async () => {
    const stream = {
      topic: topics.topGames,
      group: groups.topGames,
      table: "steam_top_games",
      keyColumn: "game_id",
    };
    const { kafka, ask: asked } = target;
    const found = await audit({
      kafka,
      streams: [stream],
      ask: asked,
      producerUrl: undefined,
      days: 7,
    });
    expect(found.streams.flatMap(findingsOf)).toEqual([]);
    expect(found.complete).toBe(true);
    expect(found.streams[0]?.partitions[1]?.fates).toEqual({ refused: 3, stored: 2 });
  });
});
