import { expect } from "vitest";
import type { Check } from "./check";
import { linesOf } from "./live";
import type { Output } from "./run";

/** What ClickHouse says to a SELECT from a Kafka table that a view reads. */
export const NO_DIRECT_SELECT = /Code: 620\b/;

/** The columns of a line in ClickHouse's TabSeparated. */
export const cells = (line = "") => line.split("\t");

/** There are lines, and each of them matches. */
export const allMatch =
  (pattern: RegExp) =>
  ({ stdout }: Output) => {
    const lines = linesOf(stdout);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(pattern);
  };

/** What is printed has each of these parts. */
export const contains = (...parts: (string | RegExp)[]): Check => ({
  expect: ({ stdout }) => {
    for (const part of parts) expect(stdout).toMatch(new RegExp(part));
  },
});
