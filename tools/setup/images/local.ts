import { join } from "node:path";
import versions from "../../../infra/images/versions.json";
import type { Progress } from "../../lib/progress";
import { withLock } from "../cache";
import type { DockerEngine } from "../docker";
import { engine as chdb, imagesDir, readContents } from "./contents";
import { debianRoot, packageLayer } from "./debian";
import { imageStore, type ImageStore } from "./engine-api";
import { chain, nameImages, type ImageName } from "./names";
import { doorFiles, kafkaJars, nodeBinary } from "./packages";
import { watched } from "./watched";

/** Images that containers are made of; the others are what these are built upon. */
const wanted = ["kafka", "clickhouse", "node"] as const;

const dockerfiles: Readonly<Record<ImageName, string>> = {
  debian: "base/debian.Dockerfile",
  java: "base/java.Dockerfile",
  "kafka-libs": "kafka/libs.Dockerfile",
  kafka: "kafka/Dockerfile",
  node: "base/node.Dockerfile",
  chdb: "clickhouse/engine.Dockerfile",
  clickhouse: "clickhouse/Dockerfile",
};

/**
 * Names of the images that the checkout's content asks for, each there when this resolves. Where all are
 * there already it costs one question to the engine.
 * @throws UserError (IMAGE) where one cannot be built.
 */
export async function ensureLocal(
  progress: Progress,
  engine: DockerEngine,
): Promise<Record<ImageName, string>> {
  const references = nameImages(await readContents());
  const store = imageStore(engine.host);
  const ends = wanted.map((name) => references[name]);
  if ((await store.present(ends)).size === ends.length) return references;
  const waiting = (pid: number) => progress.note(`images: process ${pid} builds them, waiting`);
  await withLock("images", () => build(references, store, progress, engine), { onWait: waiting });
  return references;
}

async function build(
  references: Readonly<Record<ImageName, string>>,
  store: ImageStore,
  progress: Progress,
  engine: DockerEngine,
): Promise<void> {
  const present = await store.present(Object.values(references));
  const materials = createMaterials(references, progress);
  const begun = new Map<ImageName, Promise<void>>();
  const ensure = (name: ImageName): Promise<void> => {
    const running = begun.get(name) ?? make(name);
    begun.set(name, running);
    return running;
  };
  const make = async (name: ImageName): Promise<void> => {
    if (present.has(references[name])) return;
    const below = chain[name];
    const [context] = await Promise.all([
      materials[name](),
      below === undefined ? undefined : ensure(below),
    ]);
    await dockerBuild(name, references, context, progress, engine);
  };
  // All come to their end, so that a failure of one does not leave another at work behind the command.
  const results = await Promise.allSettled(wanted.map(ensure));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** For each image, the directory that it is built from. */
function createMaterials(
  references: Readonly<Record<ImageName, string>>,
  progress: Progress,
): Record<ImageName, () => Promise<string>> {
  const tag = (name: ImageName) => references[name].replace(/^.*:/, "");
  let root: Promise<string> | undefined;
  const debian = () => (root ??= debianRoot(tag("debian"), progress));
  return {
    debian,
    java: async () => packageLayer(tag("java"), await debian(), [versions.local.java], progress),
    "kafka-libs": () => kafkaJars(tag("kafka-libs"), progress),
    kafka: async () => join(imagesDir, "kafka"),
    node: () => nodeBinary(`${versions.local.node}-${process.arch}`, progress),
    chdb: async () => chdb.directory,
    clickhouse: () => doorFiles(tag("clickhouse")),
  };
}

async function dockerBuild(
  name: ImageName,
  references: Readonly<Record<ImageName, string>>,
  context: string,
  progress: Progress,
  engine: DockerEngine,
): Promise<void> {
  const below = chain[name];
  const args = [
    ...(below === undefined ? [] : ["--build-arg", `BASE_IMAGE=${references[below]}`]),
    ...(name === "chdb" ? ["--build-arg", `PACKAGE=${chdb.package}`] : []),
  ];
  const file = join(imagesDir, dockerfiles[name]);
  await progress.step(`image ${name}`, (say) =>
    watched(
      "docker",
      [
        ...["--host", engine.host, "build", "--network=none", "--label=steamline.image=local"],
        ...["--tag", references[name], "--file", file, ...args, context],
      ],
      {
        say,
        title: `building ${references[name]}`,
        where: file,
        fix: "mend what it names and run the command again: finished parts are kept",
      },
    ),
  );
}
