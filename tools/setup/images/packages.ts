import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import versions from "../../../infra/images/versions.json";
import type { Progress } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { once } from "../cache";
import { imagesDir } from "./contents";
import { bundleNow } from "./door";
import { ensureProgram } from "./prerequisites";
import { watched } from "./watched";

/** A directory with the jars of Kafka and its command-line tools. */
export function kafkaJars(key: string, progress: Progress): Promise<string> {
  return once("kafka-jars", key, (out) =>
    progress.step("Kafka's jars", async (say) => {
      await ensureProgram("mvn", "maven", say);
      const pom = join(imagesDir, "kafka", "pom.xml");
      const args = [
        "--batch-mode",
        "--no-transfer-progress",
        `--file=${pom}`,
        `-Dkafka.version=${versions.local.kafka}`,
        "dependency:copy-dependencies",
        `-DoutputDirectory=${out}`,
      ];
      await watched("mvn", args, {
        say,
        title: "fetching Kafka's jars",
        where: pom,
        fix: "check that Maven reaches its repository, and run the command again",
      });
    }),
  );
}

/** A directory with `package/bin/node`, the Node that images run. */
export function nodeBinary(key: string, progress: Progress): Promise<string> {
  return once("node", key, (out) =>
    progress.step("Node for images", async (say) => {
      const name = `node-linux-${process.arch}@${versions.local.node}`;
      const fix = "check that npm reaches its registry, and run the command again";
      const where = join(imagesDir, "versions.json");
      const title = `fetching ${name}`;
      const pack = ["pack", name, "--silent", `--pack-destination=${out}`];
      await watched("npm", pack, { say, cwd: out, title, where, fix });
      const archive = readdirSync(out).find((file) => file.endsWith(".tgz"));
      if (archive === undefined)
        throw new UserError("IMAGE", `npm packed no ${name}`, { where, fix });
      const file = join(out, archive);
      await watched("tar", ["-C", out, "-xzf", file, "package/bin/node"], {
        say,
        title,
        where,
        fix,
      });
      rmSync(file);
    }),
  );
}

/** A directory with the bundled programs of ClickHouse's image and its commands. */
export function doorFiles(key: string): Promise<string> {
  return once("clickhouse-door", key, (out) => {
    for (const { name, text } of bundleNow().files) writeFileSync(join(out, name), text);
    mkdirSync(join(out, "bin"));
    cpSync(join(imagesDir, "clickhouse", "bin"), join(out, "bin"), { recursive: true });
    return Promise.resolve();
  });
}
