import { expect, it } from "vitest";
import { stackNames } from "../../../../infra/names";
import { parseResets } from "../../../../infra/offsets/declared-reset";

function read(text: string, stack = "dev") {
  const faults: string[] = [];
  return { resets: parseResets(text, stackNames(stack), faults), faults };
}

it("reads none, one and several resets", () => {
  expect(read("")).toEqual({ resets: [], faults: [] });
  expect(
    read(
      "one steam_top_games_topic earliest; two steam_game_details_topic/2 2026-11-25T01:30:00Z;",
    ),
  ).toEqual({
    resets: [
      {
        id: "one",
        topic: "steam_top_games_topic",
        group: "clickhouse_steam_top_games_consumer",
        kafkaTable: "kafka_steam_top_games",
        goal: "earliest",
      },
      {
        id: "two",
        topic: "steam_game_details_topic",
        group: "clickhouse_steam_game_details_consumer",
        kafkaTable: "kafka_steam_game_details",
        goal: "2026-11-25T01:30:00Z",
        partition: 2,
      },
    ],
    faults: [],
  });
});

it("takes a topic by the guide's name and by the stack's", () => {
  for (const topic of ["steam_top_games_topic", "pr-1_steam_top_games_topic"]) {
    const [reset] = read(`one ${topic} latest`, "pr-1").resets;
    expect(reset).toMatchObject({
      topic: "pr-1_steam_top_games_topic",
      group: "pr-1_clickhouse_steam_top_games_consumer",
    });
  }
});

it.each([
  ["one", /is not of the form/],
  ["One steam_top_games_topic latest", /is not of the form/],
  ["one steam_top_games_topic latest now", /is not of the form/],
  ["one steam_top_games_topic/x latest", /is not of the form/],
  ["one orders latest", /names an unknown topic. Allowed: steam_top_games_topic, /],
  ["one steam_top_games_topic yesterday", /has no goal. Allowed: earliest, latest/],
  [
    "one steam_top_games_topic latest; one steam_game_details_topic latest",
    /has the id of another/,
  ],
])("finds the fault of %j", (text, fault) => {
  const { faults } = read(text);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(fault);
});
