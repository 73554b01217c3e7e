import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { badKinds, record } from "./bad-messages";
import { startStand, type Stand } from "./stand";
import { ask, makeWarehouse, reaches, topics } from "./warehouse";

let stand: Stand;
const GOOD_AROUND = 3;
const good = (badKinds.length + 1) * GOOD_AROUND;

/** Good records with each kind of bad message between them, all in partition 0, and some that hold no row. */
function messages() {
  let next = 0;
  const goodOnes = () =>
    Array.from({ length: GOOD_AROUND }, () => ({
      partition: 0,
      key: "730",
      value: JSON.stringify(record({ game_id: ++next })),
    }));
  return [
    ...goodOnes(),
    ...badKinds.flatMap(({ kind, value }) => [
      { partition: 0, key: kind, value, headers: { kind } },
      ...goodOnes(),
    ]),
    { partition: 1, key: "no row", value: null },
    { partition: 1, key: "no row", value: "" },
    {
      partition: 1,
      key: "several",
      value: [1, 2, 3].map((n) => JSON.stringify(record({ game_id: 1_000_000 + n }))).join("\n"),
    },
    {
      partition: 1,
      key: "mixed",
      value: [{ game_id: 2_000_000 }, { game_id: null }, { rank: 70_000 }]
        .map((changes) => JSON.stringify(record(changes)))
        .join("\n"),
    },
  ];
}

interface Letter {
  key: string;
  error: string;
  raw: string;
  read_as: string;
  headers: { name: string; value: string }[];
}
let letters: Letter[];

beforeAll(async () => {
  stand = await startStand();
  await makeWarehouse(stand);
  const producer = stand.kafka.producer();
  await producer.connect();
  await producer.send({ topic: topics.topGames, messages: messages() });
  await producer.disconnect();
  await reaches(stand, "SELECT count() FROM steam_top_games FINAL", good + 4);
  await reaches(
    stand,
    "SELECT uniqExact(partition, offset) FROM steam_dead_letters",
    badKinds.length + 1,
  );
  letters = await ask(
    stand,
    "SELECT key, error, hex(raw_message) AS raw, read_as, headers FROM steam_dead_letters FINAL ORDER BY offset",
  );
});
afterAll(() => stand.close());

describe("a message that breaks the contract or cannot be read", () => {
  it("is of at least 25 kinds here", () => {
    expect(badKinds.length).toBeGreaterThanOrEqual(25);
  });

  it.each(badKinds)("is kept with the reason: $kind", ({ kind, value, error }) => {
    const found = letters.filter(({ key }) => key === kind);
    expect(found).toHaveLength(1);
    expect(found[0]?.error).toMatch(error);
    expect(found[0]?.headers).toEqual([{ name: "kind", value: kind }]);
    // What parsed is kept as it was read: the engine gives the bytes of what it could not parse only.
    const parsed = found[0]?.error.startsWith("Contract: ");
    expect(found[0]?.raw).toBe(parsed ? "" : Buffer.from(value).toString("hex").toUpperCase());
    expect(found[0]?.read_as !== "").toBe(parsed);
  });

  it("of several rows gives up the broken ones alone", () => {
    const mixed = letters.filter(({ key }) => key === "mixed");
    expect(mixed.map(({ error }) => error).sort()).toEqual([
      "Contract: game_id is missing, null or 0",
      "Contract: rank cannot be 70000",
    ]);
  });
});

describe("the ledger", () => {
  const ledger = (fate: string) =>
    ask<{ partition: number; messages: number }>(
      stand,
      `SELECT partition, bitmapCardinality(groupBitmapMergeState(offsets)) AS messages FROM steam_ledger WHERE fate = '${fate}' GROUP BY partition ORDER BY partition`,
    );

  it("has every offset that held a row, by what became of it", async () => {
    expect(await ledger("stored")).toEqual([
      { partition: 0, messages: good },
      { partition: 1, messages: 2 },
    ]);
    expect(await ledger("refused")).toEqual([
      { partition: 0, messages: badKinds.length },
      { partition: 1, messages: 1 },
    ]);
  });

  it("has the key of every stored row, and of no other", async () => {
    const [row] = await ask<{ keys: string }>(
      stand,
      "SELECT sum(n) AS keys FROM (SELECT bitmapCardinality(groupBitmapMergeState(times)) AS n FROM steam_ledger_keys GROUP BY table, day, key)",
    );
    expect(Number(row?.keys)).toBe(good + 4);
  });
});
