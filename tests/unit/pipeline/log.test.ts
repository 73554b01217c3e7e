import { describe, expect, it } from "vitest";
import { createLog } from "../../../pipeline/log";

function linesOf(format: "json" | "text", level: "info" | "warn" = "info"): string[] {
  const lines: string[] = [];
  const log = createLog(level, format, (line) => lines.push(line));
  log.info({ topic: "top", offsets: { 0: "7" }, fetchTime: "2026-02-24 10:00:00" }, "delivered");
  log.warn({ code: "HTTP_TIMEOUT" }, "poll failed");
  log.debug("not told");
  return lines;
}

describe("createLog", () => {
  it("writes an object a line, for machines", () => {
    const [first, second, ...more] = linesOf("json");
    expect(more).toEqual([]);
    expect(JSON.parse(first!)).toMatchObject({ level: 30, topic: "top", msg: "delivered" });
    expect(JSON.parse(second!)).toMatchObject({ level: 40, code: "HTTP_TIMEOUT" });
  });

  it("writes a line of text, for people", () => {
    const [first, second] = linesOf("text");
    expect(first).toMatch(
      /^\d\d:\d\d:\d\d info {2}delivered topic=top offsets=\{"0":"7"\} fetchTime="2026-02-24 10:00:00"\n$/,
    );
    expect(second).toMatch(/^\d\d:\d\d:\d\d WARN {2}poll failed code=HTTP_TIMEOUT\n$/);
  });

  it("leaves out what is below its level", () => {
    expect(linesOf("text", "warn")).toHaveLength(1);
  });
});
