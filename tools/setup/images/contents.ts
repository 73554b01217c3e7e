import { readFileSync } from "node:fs";
import { join } from "node:path";
import versions from "../../../infra/images/versions.json";
import { readIfThere } from "../../lib/files";
import { checkout, localDir } from "../../lib/paths";
import { UserError } from "../../lib/user-error";
import { suiteOf } from "./apt-sources";
import { digest, digestDirectory } from "./content";
import { doorDigest } from "./door";
import type { Content, ImageName } from "./names";

export const imagesDir = join(checkout, "infra", "images");

/** The engine's library, as npm installed it for this machine. */
export const engine = {
  package: `@chdb/lib-linux-${process.arch}-gnu`,
  directory: join(checkout, "node_modules", `@chdb/lib-linux-${process.arch}-gnu`),
};

/** The release of Debian or Ubuntu that images are built upon. */
export function baseSuite(): string {
  return suiteOf(readIfThere("/etc/os-release") ?? "", versions.local.debian);
}

/** What goes into each image that is built here. @throws UserError (IMAGE) where npm left the engine out. */
export async function readContents(): Promise<Record<ImageName, Content>> {
  const { java, kafka, node } = versions.local;
  const read = (file: string) => readFileSync(join(imagesDir, file));
  const chdb = engineVersion();
  return {
    debian: {
      version: baseSuite(),
      digest: digest(digestDirectory(join(imagesDir, "base")), process.arch),
    },
    java: { version: java, digest: "" },
    "kafka-libs": {
      version: kafka,
      digest: digest(read("kafka/pom.xml"), read("kafka/libs.Dockerfile")),
    },
    kafka: { version: kafka, digest: digestDirectory(join(imagesDir, "kafka")) },
    node: { version: node, digest: "" },
    chdb: { version: chdb, digest: digest(read("clickhouse/engine.Dockerfile")) },
    clickhouse: {
      version: chdb,
      digest: digest(
        await doorDigest(join(localDir, "build", "door.json")),
        read("clickhouse/Dockerfile"),
        digestDirectory(join(imagesDir, "clickhouse", "bin")),
      ),
    },
  };
}

function engineVersion(): string {
  const file = join(engine.directory, "package.json");
  const text = readIfThere(file);
  if (text !== undefined) return (JSON.parse(text) as { version: string }).version;
  throw new UserError(
    "IMAGE",
    `npm did not install ClickHouse's engine for linux-${process.arch}`,
    {
      where: file,
      fix: "run npm ci without --omit=optional; the engine exists for linux-x64 and linux-arm64 with glibc",
    },
  );
}
