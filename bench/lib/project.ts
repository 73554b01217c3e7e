import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Connection } from "../../infra/clickhouse/client";
import { checkout } from "../../tools/lib/paths";
import { capture, type Finished } from "../../tools/lib/run";
import { UserError } from "../../tools/lib/user-error";

/** Copies what git tracks here into a directory. */
export function copyTracked(directory: string): void {
  const tracked = execFileSync("git", ["ls-files"], { cwd: checkout, encoding: "utf8" });
  for (const file of tracked.trim().split("\n")) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(checkout, file), join(directory, file));
  }
}

/** Names in an environment by which a command of this checkout told those below it of its set-up. */
export function setUpNames(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(env).filter((name) => name.startsWith("PULUMI_") || name === "NODE_OPTIONS");
}

/** A copy of this project, whose files may be edited while its stacks stand. */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "steamline-scaling-"));

  /** @param linked Whether it shares this checkout's npm packages, or gets its own with its first command. */
  constructor(linked = true) {
    copyTracked(this.directory);
    if (linked) symlinkSync(join(checkout, "node_modules"), join(this.directory, "node_modules"));
  }

  get sql(): string {
    return join(this.directory, "sql");
  }

  /** Makes `config` the whole of a stack's config, defaults apart. */
  configure(stack: string, config: Readonly<Record<string, number>>): void {
    writeFileSync(join(this.directory, `Pulumi.${stack}.yaml`), stringify({ config }));
  }

  /** `npm run COMMAND -- ARGS` on a stack, whatever it ends with, with `more` in its environment. */
  attempt(
    stack: string,
    command: string,
    args: readonly string[] = [],
    more: NodeJS.ProcessEnv = {},
  ): Promise<Finished> {
    const env = { ...process.env };
    for (const name of setUpNames()) Reflect.deleteProperty(env, name);
    const words = ["run", "-s", command, "--", ...args, "--stack", stack];
    return capture("npm", words, { cwd: this.directory, env: { ...env, ...more } });
  }

  /** As `attempt`. @returns milliseconds that it took @throws UserError (PULUMI_FAILED) where it fails. */
  async run(stack: string, command: string, args: readonly string[] = []): Promise<number> {
    const startedAt = Date.now();
    const { code, stdout, stderr } = await this.attempt(stack, command, args);
    if (code === 0) return Date.now() - startedAt;
    throw new UserError(
      "PULUMI_FAILED",
      `npm run ${command} ended with ${code}:\n${(stdout + stderr).trim()}`,
      { where: this.directory, fix: "see what it says" },
    );
  }

  /** A stack's outputs, secrets in clear. */
  async outputs(stack: string): Promise<Record<string, string>> {
    const args = ["stack", "output", "--json", "--show-secrets"];
    const { stdout } = await this.attempt(stack, "pulumi", args);
    return JSON.parse(stdout) as Record<string, string>;
  }

  /** Where a stack's ClickHouse answers its administrator. */
  async connection(stack: string): Promise<Connection> {
    const out = await this.outputs(stack);
    return {
      url: out["clickhouseUrl"] ?? "",
      username: out["adminUser"] ?? "",
      password: out["adminPassword"] ?? "",
      database: out["database"] ?? "default",
    };
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
