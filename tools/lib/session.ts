import { delimiter, join } from "node:path";
import * as setup from "../setup";
import { findBackend, passphraseEnv, prepareBackend, type Backend } from "./backend";
import { withoutOthers } from "./engines";
import { mergeConfig } from "./merged-config";
import { paths } from "./paths";
import type { Progress } from "./progress";
import { readSettings, writeSettings } from "./settings";
import { writeShim } from "./shim";
import { configValue, readTracked, valueIn } from "./stack-config";
import { UserError } from "./user-error";

/** Everything a command needs in order to call Pulumi on one stack. */
export interface Session {
  stack: string;
  toolchain: setup.Toolchain;
  backend: Backend;
  /** Environment for programs: toolchain on PATH, backend, passphrase, stack. */
  env: NodeJS.ProcessEnv;
  progress: Progress;
}

/** Variables that make plain Pulumi work on this checkout, besides PATH. */
export function pulumiVariables(env: NodeJS.ProcessEnv, backend: Backend): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: backend.url,
    ...(passphraseEnv(env, backend) as Record<string, string>),
    // State knows the salt its secrets are encrypted with, so a stack file may do without.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // An offer to ask an assistant, below each failure.
    PULUMI_SUPPRESS_NEO_LINK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** For the Node processes that Pulumi starts: `given` by the user, and our preloaded file. */
function nodeOptions(given = ""): string {
  return `${given} --require ${JSON.stringify(join(__dirname, "pulumi-node.cjs"))}`.trim();
}

/** The stack a command is for. */
export function chosenStack(
  flag: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const stack = flag ?? env["PULUMI_STACK"] ?? "dev";
  // The name becomes part of paths before Pulumi or the program can check it.
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(stack)) return stack;
  throw new UserError("USAGE", `${JSON.stringify(stack)} cannot be the name of a stack`, {
    where: flag === undefined ? "PULUMI_STACK" : "--stack",
    fix: "use up to 41 of a-z, 0-9 and -",
  });
}

/** PATH without the checkout's own `pulumi`, which calls back into these commands. */
export function plainPath(env: NodeJS.ProcessEnv): string {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory !== paths.bin)
    .join(delimiter);
}

/** Brings the Pulumi CLI and its surroundings up. Docker and images are left alone. */
export async function openSession(stack: string, progress: Progress): Promise<Session> {
  process.env["PATH"] = plainPath(process.env);
  const toolchain = await setup.ensureToolchain(progress);
  const backend = findBackend(process.env);
  prepareBackend(backend);
  writeShim();
  const env = {
    ...(hasHosts(stack) ? withoutOthers(process.env) : process.env),
    ...pulumiVariables(process.env, backend),
    ...toolchain.variables,
    PATH: [toolchain.binDir, process.env["PATH"]].join(delimiter),
    PULUMI_STACK: stack,
    NODE_OPTIONS: nodeOptions(process.env["NODE_OPTIONS"]),
    // Pulumi and its plugins are small and short-lived: they need not tidy their memory so often (Go's default is 100).
    GOGC: process.env["GOGC"] ?? "400",
  };
  return { stack, toolchain, backend, env, progress };
}

/** Whether parts of the stack run on Docker hosts that its config names. */
function hasHosts(stack: string): boolean {
  const content = mergeConfig(readTracked(stack), readSettings(stack));
  return configValue(content, "hosts") !== "";
}

/** As `openSession`, with the Docker engine beside it, for commands that need containers and no images. */
export async function openDockerSession(stack: string, progress: Progress): Promise<Session> {
  const expected = await setup.expectDocker();
  const [session, engine] = await Promise.all([
    openSession(stack, progress),
    setup.ensureDocker(progress, expected),
  ]);
  return { ...session, env: { ...session.env, DOCKER_HOST: engine.host } };
}

/**
 * All set-up for a deployment: besides the CLI, the Docker engine, images, and which source can be
 * reached. What is found out is kept for the stack; what people set in the tracked file wins.
 */
export async function openFullSession(
  stack: string,
  progress: Progress,
  rediscover = false,
): Promise<Session> {
  process.env["PATH"] = plainPath(process.env);
  const tracked = readTracked(stack);
  const known = rediscover ? {} : readSettings(stack).found;
  const chosen = (key: string) => valueIn(tracked, key) || known[key];

  // Building the CLI takes minutes, which a machine without a way to Docker need not wait for.
  const engine = setup.ensureDocker(progress, await setup.expectDocker());
  const [session, docker, refs, source] = await Promise.all([
    openSession(stack, progress),
    engine,
    engine.then((docker) =>
      setup.ensureImages(progress, wantedImages(chosen("imageSource")), docker),
    ),
    chosen("source") ? undefined : setup.findSource(progress),
  ]);
  const found = { ...imageSettings(refs), source: source?.source ?? known["source"] ?? "" };
  if (known["imageSource"] !== refs.imageSource)
    progress.note(`images: ${refs.imageSource}. ${refs.reason}`);
  if (source) progress.note(`source: ${source.source}. ${source.reason}`);
  const settings = readSettings(stack);
  writeSettings(stack, {
    ...settings,
    found: Object.fromEntries(Object.entries(found).filter(([, value]) => value !== "")),
  });
  return { ...session, env: { ...session.env, DOCKER_HOST: docker.host } };
}

function wantedImages(choice: string | undefined): "auto" | "registry" | "local" {
  return choice === "registry" || choice === "local" ? choice : "auto";
}

function imageSettings(refs: setup.ImageRefs): Record<string, string> {
  const { imageSource, kafkaImage, clickhouseImage, nodeImage, grafanaImage } = refs;
  return { imageSource, kafkaImage, clickhouseImage, nodeImage, grafanaImage };
}
