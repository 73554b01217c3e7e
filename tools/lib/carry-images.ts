import { spawn, type ChildProcess } from "node:child_process";
import { pipeline } from "node:stream/promises";
import type { Role } from "../../infra/hosts-config";
import { imageStore } from "../setup/images/engine-api";
import { docker } from "./docker";
import { enginesOf, placementOf, type Engine } from "./engines";
import type { Session } from "./session";
import { configValue, writeMerged } from "./stack-config";
import { UserError } from "./user-error";

/** The image that each part's containers are made of or built upon, by config key. */
const KEYS: Partial<Record<Role, string>> = {
  kafka: "kafkaImage",
  clickhouse: "clickhouseImage",
  pipeline: "nodeImage",
};

/**
 * Brings images that were built on this machine to the hosts that are to run them, each where it is absent. Official
 * ones are pulled there by the stack itself.
 * @throws UserError (IMAGE) where one cannot be brought, or runs on another kind of processor
 */
export async function carryImages(session: Session): Promise<void> {
  const placement = placementOf(session.stack);
  const { content } = writeMerged(session.stack);
  if (!placement || configValue(content, "imageSource") !== "local") return;
  const engines = await enginesOf(session);
  for (const engine of engines) {
    const references = Object.entries(KEYS).flatMap(([role, key]) =>
      placement[role as Role].some(({ address }) => address === engine.address)
        ? [configValue(content, key)]
        : [],
    );
    const absent = await absentFrom(engine, references);
    if (absent.length === 0) continue;
    await refuseOtherProcessor(session, engine);
    await session.progress.step(`images to ${engine.address}`, (say) => {
      say(absent.join(", "));
      return carry(session, engine, absent);
    });
  }
}

async function absentFrom(engine: Engine, references: readonly string[]): Promise<string[]> {
  if (references.length === 0) return [];
  const present = await imageStore(engine.endpoint, engine.env).present(references);
  return references.filter((reference) => !present.has(reference));
}

async function refuseOtherProcessor(session: Session, engine: Engine): Promise<void> {
  const ask = ["version", "--format", "{{.Server.Arch}}"];
  const [here, there] = await Promise.all(
    [hereEnv(session), engine.env].map((env) => docker(ask, env)),
  );
  if (here === there) return;
  throw new UserError(
    "IMAGE",
    `images built here are for ${here?.trim()}, and ${engine.name} runs ${there?.trim()}`,
    {
      where: `hosts in the config of the stack ${session.stack}`,
      fix: "take a machine of the same kind, or official images: npm run pulumi -- config set imageSource registry",
    },
  );
}

/** `docker save` here into `docker load` there, with nothing on disk between them. */
async function carry(session: Session, engine: Engine, references: string[]): Promise<void> {
  const stdio = "pipe" as const;
  const save = spawn("docker", ["save", ...references], { env: hereEnv(session), stdio });
  const load = spawn("docker", ["load", "--quiet"], { env: engine.env, stdio });
  load.stdout.resume();
  let said = "";
  for (const { stderr } of [save, load])
    stderr.setEncoding("utf8").on("data", (chunk: string) => (said = (said + chunk).slice(-2000)));
  const [saved, loaded] = await Promise.all([
    ended(save),
    ended(load),
    // Where one of them ends early, the other is told by its end of the pipe, and both say why.
    pipeline(save.stdout, load.stdin).catch(() => undefined),
  ]);
  if (saved && loaded) return;
  throw new UserError(
    "IMAGE",
    `images could not be brought to ${engine.name}: ${said.trim().split("\n").at(-1) ?? ""}`,
    { where: references.join(", "), fix: "mend what it names and run the command again" },
  );
}

/** As the user's own environment reaches the engine of this machine. */
function hereEnv({ env }: Session): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_HOST: env["DOCKER_HOST"] };
}

/** Whether a program came to a good end. */
function ended(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
}
