import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

const checkout = join(__dirname, "..", "..");
const images = join(checkout, "infra", "images", "clickhouse");
const READY_MS = 20_000;

export const ADMIN = { user: "admin", password: 'it\'s "admin":' };
export const READER = { user: "reader", password: "reader's" };
const GRANTS = [
  "GRANT SELECT ON default.seen",
  "GRANT SELECT ON system.one",
  "GRANT SELECT ON system.numbers",
  "GRANT SELECT ON system.settings",
];

/** Bundles one of the image's programs as the image has it. */
export function bundle(entry: "door" | "client", file: string): void {
  buildSync({
    entryPoints: [join(images, entry, "main.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    external: ["chdb"],
  });
}

/** The door as a plain process on a data directory of its own, which outlives it. */
export class Door {
  readonly dir = mkdtempSync(join(tmpdir(), "door-"));
  port = 0;
  private child: ChildProcess | undefined;
  output = "";

  async start(): Promise<void> {
    this.port ||= await freePort();
    const accounts = join(this.dir, "accounts.json");
    writeFileSync(accounts, accountsJson());
    const program = join(this.dir, "door.js");
    bundle("door", program);
    const child = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        NODE_PATH: join(checkout, "node_modules"),
        TZ: "UTC",
        DOOR_DATA_DIR: join(this.dir, "data"),
        DOOR_RUN_DIR: join(this.dir, "run"),
        DOOR_PORT: String(this.port),
        DOOR_ACCOUNTS: accounts,
      },
    });
    this.child = child;
    const take = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const until = Date.now() + READY_MS;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`The door did not open:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** By an address that is not the loopback's, as the host and other containers come in; undefined without one. */
  get urlFromOutside(): string | undefined {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const outer = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
    return outer && `http://${outer.address}:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Ends it and tells how it ended. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<{ code: number | null; ms: number }> {
    const child = this.child;
    if (!child || child.exitCode !== null) return { code: child?.exitCode ?? null, ms: 0 };
    const began = Date.now();
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return { code: await ended, ms: Date.now() - began };
  }

  async remove(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Posts a statement as an account, admin by default, with `fields` in the URL. */
  post(
    body: RequestInit["body"],
    fields: Record<string, string> = {},
    init: RequestInit = {},
    account = ADMIN,
  ): Promise<Response> {
    return fetch(`${this.url}/?${new URLSearchParams(fields).toString()}`, {
      method: "POST",
      body,
      ...init,
      headers: { ...basic(account), ...init.headers },
    });
  }

  /** What a statement answers, as text, errors included. */
  async ask(statement: string, fields = {}, account = ADMIN): Promise<string> {
    return (await (await this.post(statement, fields, {}, account)).text()).trimEnd();
  }

  private answers(): Promise<boolean> {
    return fetch(`${this.url}/ping`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

export function basic({ user, password }: typeof ADMIN): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

function accountsJson(): string {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const account = ({ user, password }: typeof ADMIN, profile: string) => ({
    name: user,
    passwordSha256: hash(password),
    profile,
  });
  return JSON.stringify({
    accounts: [account(ADMIN, "admin"), account(READER, "reader")],
    readerGrants: GRANTS,
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
