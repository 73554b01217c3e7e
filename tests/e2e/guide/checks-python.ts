import { expect } from "vitest";
import { stackNames } from "../../../infra/names";
import { stack } from "../steamline";
import type { Checks } from "./check";
import { answers, forgetOwnGames, inKafka, linesOf } from "./live";

const { topics } = stackNames(stack);
/** Where Kafka's Java client sends the key 730, of three partitions. */
const partitionOf730 = 2;

/** Messages in a topic, by its end offsets. */
async function messagesIn(topic: string): Promise<number> {
  const offsets = linesOf(await inKafka("kafka-get-offsets", "--topic", topic));
  return offsets.reduce((sum, line) => sum + Number(line.split(":").at(-1)), 0);
}

export const pythonChecks: Checks = {
  "technology.4": { expect: ({ stdout }) => expect(stdout).toMatch(/^3\.\d+.* 3\.0\.12\s*$/s) },
  "key.1": {
    expect: ({ stdout }) => expect(stdout.trim()).toBe(`partition ${partitionOf730}`),
  },
  "producer.1": {
    expect: ({ stdout }) =>
      expect(stdout).toMatch(new RegExp(`^${topics.topGames} [0-2] \\d+$`, "m")),
  },
  "producer-option.1": {
    expect: ({ stdout }) =>
      expect(linesOf(stdout).map((line) => line.replace(/ offset \d+$/, ""))).toEqual([
        ...["None", "gzip", "snappy", "lz4"],
      ]),
  },
  "consumer.1": {
    until: /^Value: .*\n/m,
    expect: ({ stdout }) =>
      expect(stdout).toMatch(/^Partition: [0-2]\nOffset: \d+\nValue: \{'game_id': \d+/),
  },
  "group.1": { expect: ({ stdout }) => expect(stdout).toContain("'A': [0, 1, 1, 1]") },
  "group.2": { expect: ({ stdout }) => expect(stdout).toContain("'B': [3]") },
  "convert.1": {
    expect: ({ stdout }) =>
      expect(stdout).toMatch(
        /^\{"game_id": 730, "game_name": "Counter-Strike 2", .*\}\noffset \d+$/m,
      ),
  },
  "safe.1": { expect: ({ stdout }) => expect(stdout.trim()).toBe("partitions [0, 1, 2]") },
  "full-producer.1": {
    expect: async ({ stdout }) => {
      expect(linesOf(stdout)).toEqual(["✓ 傳送成功: Guide One", "✓ 傳送成功: Guide Two"]);
      await answers(
        "SELECT game_name FROM steam_top_games WHERE game_name LIKE 'Guide %' ORDER BY rank",
        /^Guide One\nGuide Two$/,
      );
      await forgetOwnGames();
    },
  },
  "tuning.1": {
    expect: async ({ stdout }) => {
      expect(stdout.trim()).toBe("sent 1000");
      expect(await messagesIn("topic1")).toBeGreaterThanOrEqual(1000);
    },
  },
  "partitioner.1": {
    expect: ({ stdout }) => {
      expect(stdout).toContain(`murmur2 [${Array(3).fill(partitionOf730).join(", ")}]`);
      expect(stdout).toMatch(/^custom \[([0-2]), \1, \1\]$/m);
    },
  },
  "transaction.1": {
    expect: async ({ stdout }) => {
      expect(stdout.trim()).toBe("committed");
      // The message, and the mark that commits it.
      expect(await messagesIn("topic2")).toBeGreaterThanOrEqual(2);
    },
  },
};

/** What `http://localhost:18999/games` answers to the guide's whole producer. */
export const gamesOfStub = [
  { id: 4_294_967_001, name: "Guide One", players: 20, peak: 30, rank: 201 },
  { id: 4_294_967_002, name: "Guide Two", players: 10, peak: 15, rank: 202 },
];
