import { describe, expect, it } from "vitest";
import { audit } from "../../../../../tools/lib/audit/audit";
import { brokerOffsets } from "../../../../../tools/lib/audit/broker";

const stream = { topic: "top", group: "g", table: "steam_top_games", keyColumn: "game_id" };

describe("a broker that is down", () => {
  it("is told with its address and what to do", async () => {
    await expect(brokerOffsets({ brokers: "127.0.0.1:1" }, stream)).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringContaining("the topic top cannot be audited") as string,
      more: {
        where: "Kafka at 127.0.0.1:1",
        fix: expect.stringContaining("npm run status") as string,
      },
    });
  });

  it("ends an audit before anything is asked of ClickHouse or entered there", async () => {
    const asked: string[] = [];
    const target = {
      kafka: { brokers: "127.0.0.1:1" },
      streams: [stream],
      ask: (sql: string) => Promise.resolve(void asked.push(sql) as never),
      producerUrl: undefined,
      days: 7,
    };
    await expect(audit(target)).rejects.toMatchObject({ code: "UNREACHABLE" });
    expect(asked).toEqual([]);
  });
});
