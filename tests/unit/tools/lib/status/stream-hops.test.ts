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

it("a consumer that has left its group, though the broker answers, is to be made anew", () => {
  const kafka = seen({ ...kafkaTable, lastError: "1/1 brokers are down", lastErrorAge: 60 });
  const consumers = (members: number) => seen({ state: "Empty", members, lag: [] });
  const fixOf = (members: number) =>
    kafkaTableHop(observations(), stream({ kafka, consumers: consumers(members) }))["fix"];
  expect(fixOf(0)).toMatch(/^npm run offsets -- pause .*; then npm run offsets -- resume/);
  expect(fixOf(1)).toBe("mend what the error names");
});
