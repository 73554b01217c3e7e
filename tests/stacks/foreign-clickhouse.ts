import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createServer } from "node:tls";
import { rows, run, withClient, type Connection } from "../../infra/clickhouse/client";
import { createAuthority, createCertificate } from "../../infra/dynamic/certificates";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { createProgress } from "../../tools/lib/progress";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";
import { docker } from "../e2e/steamline";

const NAME = `foreign-clickhouse-${process.pid}`;
const READY_DEADLINE_MS = 60_000;

export interface ForeignClickhouse {
  /** As its administrator, `company`. Who reads is `viewer`, and `careless` is one whose queries merge nothing. */
  connection: Connection & { ca: string };
  /** All objects there that are not the engine's own. */
  objects(): Promise<string[]>;
  close(): Promise<void>;
}

/** An engine that no stack made, behind TLS, whose owner has told it how to log in to `kafka`. */
export async function startForeignClickhouse(kafka: KafkaAccess): Promise<ForeignClickhouse> {
  const progress = createProgress();
  const { clickhouseImage } = await ensureImages(progress, "local", await ensureDocker(progress));
  const directory = mkdtempSync(join(tmpdir(), "foreign-clickhouse-"));
  // The engine is another user, in its container.
  chmodSync(directory, 0o755);
  const account = (name: string, profile: string) => ({
    name,
    profile,
    passwordSha256: createHash("sha256").update(`${name}'s`).digest("hex"),
  });
  const files = {
    "accounts.json": {
      accounts: [
        account("company", "admin"),
        account("careless", "admin"),
        account("viewer", "reader"),
      ],
      readerGrants: ["GRANT SELECT ON rows_of_games.*", "GRANT SELECT ON system.*"],
    },
    "kafka.json": kafka,
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(directory, name), JSON.stringify(content), { mode: 0o644 });
  const mounts = Object.keys(files).flatMap((name) => [
    "-v",
    `${join(directory, name)}:/etc/steamline/${name}:ro`,
  ]);
  await docker("run", "-d", "--name", NAME, "-p", "127.0.0.1::8123", ...mounts, clickhouseImage);
  const published = (await docker("port", NAME, "8123")).trim().split("\n")[0] ?? "";
  const { port, ca, stop } = await behindTls(Number(published.split(":").at(-1)));
  const connection = {
    url: `https://localhost:${port}`,
    username: "company",
    password: "company's",
    database: "default",
    ca,
  };
  const close = async () => {
    stop();
    await docker("rm", "-f", "-v", NAME);
    rmSync(directory, { recursive: true });
  };
  const objects = () => withClient(connection, objectsThere);
  // Its owner has made one for the stack.
  const room = { ...connection, database: "rows_of_games" };
  for (const since = Date.now(); ; await sleep(500)) {
    try {
      await withClient(connection, (client) => run(client, `CREATE DATABASE ${room.database}`));
      return { connection: room, objects, close };
    } catch (error) {
      if (Date.now() - since < READY_DEADLINE_MS) continue;
      await close();
      throw error;
    }
  }
}

const objectsThere: Parameters<typeof withClient<string[]>>[1] = async (client) => {
  const found = await rows<{ name: string }>(
    client,
    `SELECT concat(database, '.', name) AS name FROM system.tables
     WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')
     UNION ALL SELECT name FROM system.named_collections
     UNION ALL SELECT name FROM system.databases WHERE name = 'steamline'`,
  );
  return found.map(({ name }) => name);
};

/** A certificate of an authority of its own before a port that has none. */
async function behindTls(to: number): Promise<{ port: number; ca: string; stop: () => void }> {
  const authority = await createAuthority({ commonName: "a company's own" });
  const { key, certificate: cert } = await createCertificate({
    authority,
    commonName: "clickhouse",
    hosts: ["localhost"],
    days: 1,
  });
  const server = createServer({ key, cert }, (socket) => {
    const inner = connect(to, "127.0.0.1");
    socket.pipe(inner).pipe(socket);
    socket.on("error", () => inner.destroy());
    inner.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, ca: authority.certificate, stop: () => server.close() };
}
