import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const script = join(__dirname, "../../../../infra/images/kafka/bin/kafka-when-room");
const directory = mkdtempSync(join(tmpdir(), "kafka-room-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs it where `df` tells so many MB at first, and enough from the second time on. */
function runWith(freeMb: number) {
  const asked = join(directory, `asked-${freeMb}`);
  const df = `#!/bin/sh
echo Filesystem
if [ -e ${asked} ]; then echo disk 9999 0 9999; else echo disk 9999 0 ${freeMb}; fi
touch ${asked}
`;
  writeFileSync(join(directory, "df"), df, { mode: 0o755 });
  const env = { PATH: `${directory}:${process.env["PATH"]}`, KAFKA_LOG_DIRS: `${directory}/new` };
  return spawnSync(script, ["printf", "%s|", "a broker", "starts"], { env, encoding: "utf8" });
}

it("starts the broker where its disk has room, its arguments as they were", () => {
  expect(runWith(256)).toMatchObject({ status: 0, stdout: "a broker|starts|" });
});

it("says how much is free and what to do where there is none, and starts it once there is", () => {
  const { status, stdout } = runWith(255);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^kafka: 255 MB are free in .*\. The broker starts once it is 256 MB: .*\. Make room on that disk; nothing else is needed\.\na broker\|starts\|$/,
  );
});
