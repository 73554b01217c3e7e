import { expect } from "vitest";
import { stackNames } from "../../../infra/names";
import { stack } from "../steamline";
import type { Checks } from "./check";
import { answers, ask, eventually, forgetOwnGames, inKafka, linesOf } from "./live";
import type { Output } from "./run";

const { topics, groups, containers } = stackNames(stack);
const LIVE_GROUP =
  /can only be reset if the group '.*' is inactive, but the current state is Stable/;
/** A line typed at the console producer; its game is of no source. */
const typed = {
  game_id: 4_294_967_003,
  game_name: "typed by hand",
  current_players: 3,
  peak_today: 4,
  rank: 203,
  fetch_time: new Date().toISOString().slice(0, 19).replace("T", " "),
};

/** A table of the group: one line a partition, with a lag. */
const describesGroup = ({ stdout }: Output) => {
  const rows = linesOf(stdout).filter((line) => line.startsWith(groups.topGames));
  expect(rows.map((row) => row.split(/\s+/).slice(1, 3).join(":")).sort()).toEqual(
    [0, 1, 2].map((partition) => `${topics.topGames}:${partition}`),
  );
  for (const row of rows) expect(row).toMatch(/(\d+|-)\s+\d+\s+(\d+|-)\s/);
};

const describesTopic = ({ stdout }: Output) => {
  expect(stdout).toContain(`Topic: ${topics.topGames}`);
  expect(stdout).toMatch(/PartitionCount: 3\s+ReplicationFactor: 1/);
  expect(linesOf(stdout).filter((line) => /Partition: \d/.test(line))).toHaveLength(3);
};

const listsTopics = ({ stdout }: Output) =>
  expect(linesOf(stdout)).toEqual(expect.arrayContaining([topics.topGames, topics.gameDetails]));

const createsTopic = ({ stdout }: Output) =>
  expect(stdout).toContain(`Created topic ${topics.topGames}`);

const deletesTopic = async (output: Output) => {
  expect(output.code, output.stderr).toBe(0);
  expect(linesOf(await inKafka("kafka-topics", "--list"))).not.toContain(topics.topGames);
};

const printsGames = (count: number) => (output: Output) => {
  const games = linesOf(output.stdout).filter((line) => line.startsWith("{"));
  expect(games).toHaveLength(count);
  for (const game of games)
    expect(JSON.parse(game)).toMatchObject({ game_id: expect.any(Number) as number });
  expect(output.stderr + output.stdout).toContain(`Processed a total of ${count} messages`);
};

/** Offsets that a reset has set, by partition. */
const resetTo = (group: string, output: Output) => {
  const rows = linesOf(output.stdout).map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.filter(([name]) => name === group).map(([, , partition, at]) => [partition, Number(at)]),
  );
};

export const kafkaChecks: Checks = {
  "technology.1": { expect: ({ stdout }) => expect(stdout).toMatch(/LeaderId:\s+1\b/) },
  "technology.6": { expect: describesTopic },
  "topic.1": { expect: createsTopic },
  "kafka.1": { expect: listsTopics },
  "kafka.2": { expect: describesTopic },
  "kafka.3": { expect: describesGroup },
  "kafka.4": {
    until: /"game_id":\d+.*\n/,
    expect: ({ stdout }) => expect(stdout).toMatch(/^\{"game_id":/m),
  },
  "kafka.5": {
    expect: ({ stdout }) => {
      const offsets = linesOf(stdout).map((line) => line.split(":"));
      expect(offsets.map(([topic, partition]) => `${topic}:${partition}`)).toEqual(
        [0, 1, 2].map((partition) => `${topics.topGames}:${partition}`),
      );
      expect(Math.max(...offsets.map(([, , offset]) => Number(offset)))).toBeGreaterThan(0);
    },
  },
  "kafka.6": { expect: deletesTopic },
  "mapping.1": {
    expect: () =>
      answers("SELECT count() > 0 FROM guide.steam_top_games WHERE game_name = 'CS2'", /^1$/),
  },
  "offset.1": { expect: describesGroup },
  "reset.1": {
    refused: LIVE_GROUP,
    expect: (output) =>
      expect([...resetTo("guide_group", output).keys()].sort()).toEqual(["0", "1", "2"]),
  },
  "reset.2": {
    refused: LIVE_GROUP,
    // A partition with fewer messages is set to its end.
    expect: (output) => {
      const at = resetTo("guide_group", output);
      expect([...at.keys()]).toEqual(["0"]);
      expect(at.get("0")).toBeLessThanOrEqual(100);
    },
  },
  "kafka-admin.1": { expect: createsTopic },
  "kafka-admin.2": { expect: listsTopics },
  "kafka-admin.3": { expect: describesTopic },
  "kafka-admin.4": { expect: deletesTopic },
  "kafka-admin.5": {
    typed: `${JSON.stringify(typed)}\n\u0004`,
    expect: async () => {
      await answers(
        `SELECT game_name FROM steam_top_games WHERE game_id = ${typed.game_id}`,
        "typed by hand",
      );
      await forgetOwnGames();
    },
  },
  "kafka-admin.6": {
    until: /"game_id":\d+.*\n/,
    expect: ({ stdout }) => expect(stdout).toMatch(/^\{"game_id":/m),
  },
  "kafka-admin.7": { expect: printsGames(10) },
  "kafka-admin.8": {
    expect: ({ stdout }) =>
      expect(linesOf(stdout)).toEqual(
        expect.arrayContaining([groups.topGames, groups.gameDetails]),
      ),
  },
  "kafka-admin.9": { expect: describesGroup },
  "kafka-admin.10": { refused: LIVE_GROUP },
  "debug.1": { expect: printsGames(5) },
  "kafka-engine-option.1": {
    // Three members share the topic's partitions.
    expect: () =>
      eventually(async () => {
        const described = await inKafka(
          ...["kafka-consumer-groups", "--describe", "--members", "--group", "clickhouse_consumer"],
        );
        const members = linesOf(described).filter((line) => line.startsWith("clickhouse_consumer"));
        expect(members.map((line) => line.trim().split(/\s+/).at(-1))).toEqual(["1", "1", "1"]);
        expect(Number(await ask("SELECT count() FROM guide.three_consumers"))).toBeGreaterThan(0);
      }),
  },
  "exercise.2": {
    expect: ({ stdout }) => expect(stdout).toMatch(/CurrentVoters:\s+\[.*"id": 1/),
  },
  "technology.5": {
    expect: ({ stdout }) => {
      for (const name of [containers.kafka, containers.clickhouse, containers.producer])
        expect(stdout).toMatch(new RegExp(`^${name} Up .*\\(healthy\\)`, "m"));
    },
  },
};
