import { expect, it } from "vitest";
import { kafkaTableHop } from "../../../../../tools/lib/status/stream-hops";
import { kafkaTable, observations, seen, stream } from "./observations";

it("a consumer that the broker has shut out for good is to be made anew", () => {
  const lastError = "std::exception. Code: 1001, e.what() = Local: Fatal error";
  const shutOut = stream({ kafka: seen({ ...kafkaTable, lastError, lastErrorAge: 5 }) });
  const rest = "--topic steam_top_games_topic --stack dev";
  expect(kafkaTableHop(observations(), shutOut)).toMatchObject({
    healthy: false,
    fix: `npm run offsets -- pause ${rest}; then npm run offsets -- resume ${rest}`,
  });
  const servers = { size: { shards: 1, replicas: 2 }, found: seen({ answering: [], behind: [] }) };
  expect(kafkaTableHop(observations({ servers }), shutOut)).toMatchObject({
    fix: "docker restart clickhouse-server clickhouse-server-1-2",
  });
});
