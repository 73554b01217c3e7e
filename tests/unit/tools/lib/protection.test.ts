import { describe, expect, it, vi } from "vitest";
import { sampleOutputs } from "./sample-outputs";
import { stubSession } from "./session-stub";

const ask = vi.hoisted(() => vi.fn());
vi.mock("../../../../tools/lib/clickhouse", async (original) => ({ ...(await original()), ask }));
vi.mock("../../../../tools/lib/docker", () => ({
  volumeSizes: () => Promise.resolve(new Map([["steamline-dev-clickhouse", "1.5GB"]])),
}));
vi.mock("../../../../tools/lib/outputs", () => ({
  readOutputs: () => Promise.resolve(sampleOutputs),
}));
const { refuseProtected } = await import("../../../../tools/lib/protection");

const resources = [
  ["docker:index/volume:Volume", "steamline-dev-clickhouse", true],
  ["docker:index/volume:Volume", "steamline-dev-kafka", true],
  ["docker:index/volume:Volume", "steamline-dev-grafana", false],
  ["docker:index/container:Container", "c1", true],
].map(([type, id, protect]) => ({ urn: `u::${id}`, type: String(type), id: String(id), protect }));

describe("refuseProtected", () => {
  it("names rows, bytes and volumes, and the way to delete them", async () => {
    ask.mockResolvedValue([
      { table: "steam_game_details", rows: "100", bytes: "2048" },
      { table: "steam_top_games", rows: "4200", bytes: "65536" },
    ]);
    await expect(refuseProtected(stubSession(undefined), resources)).rejects.toMatchObject({
      code: "DATA_PROTECTED",
      message:
        "the stack dev protects its data: 4300 rows in 67584 bytes " +
        "(steam_game_details 100, steam_top_games 4200); " +
        "volumes steamline-dev-clickhouse (1.5GB), steamline-dev-kafka",
      more: { fix: "to delete all of it: npm run destroy -- --delete-data --stack dev" },
    });
  });

  it("refuses all the more where it cannot be told how much there is", async () => {
    ask.mockRejectedValue(new Error("connection refused"));
    await expect(refuseProtected(stubSession(undefined), resources)).rejects.toThrow(
      "an unknown number of rows (ClickHouse does not answer: connection refused)",
    );
  });
});
