import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { KafkaAccess, TlsAccess } from "../../pipeline/kafka/access";

export const checkout = join(__dirname, "..", "..");

/** The stack that the suite brings up, looks at and destroys. */
export const stack = process.env["STEAMLINE_E2E_STACK"] ?? "dev";

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a command in the checkout, or elsewhere, in a process group of its own so that a test can kill all of it. */
export function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = checkout,
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished };
}

/** Outputs by stack, until a command runs that may change them. */
const known = new Map<string, Promise<Record<string, string>>>();

/** Runs an npm command of the README, `npm run COMMAND -- ARGS`. */
export function npm(
  command: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  if (command === "up" || command === "destroy") known.clear();
  return start("npm", ["run", "-s", command, "--", ...args], env).finished;
}

/** As `npm`, and fails with all that was printed where the exit code is not 0. */
export async function npmOk(command: string, args: readonly string[] = []): Promise<Finished> {
  return succeeded(`npm run ${command} -- ${args.join(" ")}`, await npm(command, args));
}

export async function docker(...args: string[]): Promise<string> {
  const finished = await start("docker", args).finished;
  return succeeded(`docker ${args.join(" ")}`, finished).stdout;
}

function succeeded(what: string, finished: Finished): Finished {
  if (finished.code !== 0) {
    throw new Error(`${what} ended with ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
  }
  return finished;
}

/** Outputs of a stack, secrets in clear. */
export function outputs(name = stack): Promise<Record<string, string>> {
  const asked = known.get(name) ?? askOutputs(name);
  known.set(name, asked);
  asked.catch(() => known.delete(name));
  return asked;
}

/** How a stack's Kafka is reached as its administrator does. */
export async function accessOf(name = stack): Promise<KafkaAccess> {
  const { kafkaBootstrapServers, kafkaTls } = await outputs(name);
  const tls = kafkaTls as TlsAccess | undefined;
  return { brokers: kafkaBootstrapServers ?? "", ...(tls ? { tls } : {}) };
}

async function askOutputs(name: string): Promise<Record<string, string>> {
  const args = ["stack", "output", "--json", "--show-secrets", "--stack", name];
  const { stdout } = await npmOk("pulumi", args);
  return JSON.parse(stdout) as Record<string, string>;
}

/** Runs `sql` in a stack's ClickHouse as one of its accounts and gives the answer's text. */
export async function query(
  sql: string,
  account: "admin" | "reader" = "reader",
  name = stack,
): Promise<string> {
  const out = await outputs(name);
  const user = out[`${account}User`] ?? "";
  const password = out[`${account}Password`] ?? "";
  const response = await fetch(`${out["clickhouseUrl"]}/`, {
    method: "POST",
    body: sql,
    headers: { "X-ClickHouse-User": user, "X-ClickHouse-Key": password },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text.trim();
}

/** What a stack has on the Docker engine: containers, networks and volumes, by its label. */
export async function leftovers(name: string): Promise<string[]> {
  const filter = ["--filter", `label=steamline.stack=${name}`];
  const lists = await Promise.all([
    docker("ps", "-a", ...filter, "--format", "container {{.Names}}"),
    docker("network", "ls", ...filter, "--format", "network {{.Name}}"),
    docker("volume", "ls", ...filter, "--format", "volume {{.Name}}"),
  ]);
  return lists
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
