import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerEnvironment } from "../../infra/broker-environment";
import { readerGrants } from "../../infra/clickhouse/accounts";
import type { Connection } from "../../infra/clickhouse/client";
import { createProgress } from "../../tools/lib/progress";
import { withAdmin } from "../../tools/lib/topics";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";
import { docker } from "../image/producer-container";
import { freePort } from "../image/stand";
import { ChaosContainer } from "./container";
import type { Load } from "./load";
import { memoryDisk, poweredDisk, type Disk, type PoweredDisk } from "./disk";
import { patiently } from "./patience";

const PASSWORD = "chaos";
const ANSWER_DEADLINE_MS = 30_000;
const BROKER_MEMORY_MB = 1_024;
const BROKER_ALIAS = "kafka";

/** A broker and a ClickHouse in containers as a stack has them, on networks of their own. */
export class Site {
  private constructor(
    readonly broker: ChaosContainer,
    readonly clickhouse: ChaosContainer,
    /** As `host:port`, from this machine. */
    readonly brokers: string,
    readonly admin: Connection,
    /** Reads as a dashboard does. */
    readonly reader: Connection,
    /** The network by which ClickHouse reaches the broker. */
    private readonly pipe: string,
    private readonly front: string,
    readonly directory: string,
    /** Where a producer may keep what it sends. */
    readonly spoolDirectory: string,
    /** Those that lose their power together; none where they cannot. */
    private readonly disks: readonly PoweredDisk[],
  ) {}

  /** As ClickHouse reaches the broker. */
  readonly innerBrokers = `${BROKER_ALIAS}:29092`;

  /** @param isPowered whether its disks can lose their power, which takes root */
  static async start(isPowered = false): Promise<Site> {
    const progress = createProgress();
    const images = await ensureImages(progress, "local", await ensureDocker(progress));
    const directory = mkdtempSync(join(tmpdir(), "steamline-chaos-"));
    const name = `steamline-chaos-${process.pid}`;
    const [pipe, front] = [`${name}-pipe`, `${name}-front`];
    for (const network of [pipe, front]) await docker("network", "create", network);
    const [brokerPort, httpPort] = await Promise.all([freePort(), freePort()]);
    const disks: PoweredDisk[] = [];
    const disk = async (part: string, image: string, uid: number): Promise<Disk> => {
      if (!isPowered) return memoryDisk(image, uid);
      const made = await poweredDisk(join(directory, part), uid);
      disks.push(made);
      return made;
    };
    const broker = await ChaosContainer.create({
      image: images.kafkaImage,
      networks: [{ name: pipe, alias: BROKER_ALIAS }],
      ports: [`${brokerPort}:${brokerPort}`],
      environment: brokerEnvironment({ port: brokerPort, memoryMb: BROKER_MEMORY_MB }),
      dataDirectory: "/var/lib/kafka/data",
      disk: await disk("kafka", images.kafkaImage, 1000),
    });
    const clickhouse = await ChaosContainer.create({
      image: images.clickhouseImage,
      networks: [
        { name: front, alias: "clickhouse" },
        { name: pipe, alias: "clickhouse" },
      ],
      ports: [`${httpPort}:8123`],
      environment: ["TZ=UTC"],
      dataDirectory: "/var/lib/clickhouse",
      disk: await disk("clickhouse", images.clickhouseImage, 101),
      files: { "/etc/steamline/accounts.json": accountsFile(directory) },
    });
    const connection = (username: string) => ({
      url: `http://127.0.0.1:${httpPort}`,
      username,
      password: PASSWORD,
      database: "default",
    });
    const brokers = `localhost:${brokerPort}`;
    const [admin, reader] = [connection("admin"), connection("reader")];
    const spool = join(directory, "spool");
    if (isPowered) disks.push(await poweredDisk(spool, 0));
    const site = new Site(
      broker,
      clickhouse,
      brokers,
      admin,
      reader,
      pipe,
      front,
      directory,
      join(spool, "records"),
      disks,
    );
    await Promise.all([broker.start(), clickhouse.start()]);
    await site.answers();
    return site;
  }

  /** Cuts ClickHouse off from the broker, not from those who ask it. */
  cut = (): Promise<string> => this.clickhouse.disconnect(this.pipe);
  mend = (): Promise<string> => this.clickhouse.connect(this.pipe, "clickhouse");

  /** As where all of it is one machine, `load` included. No program sees its disk fail, as it ends with that. */
  async losePower(load: Pick<Load, "signal">): Promise<void> {
    if (this.disks.length === 0) throw new Error("the disks of this site cannot lose their power");
    const { broker, clickhouse } = this;
    await Promise.all([broker.stopStill(), clickhouse.stopStill(), load.signal("SIGSTOP")]);
    await Promise.all(this.disks.map((disk) => disk.cut()));
    await Promise.all([broker.end(), clickhouse.end(), load.signal("SIGKILL")]);
    for (const disk of this.disks) await disk.restore();
    await Promise.all([broker.start(), clickhouse.start()]);
  }

  /** Waits until both answer. */
  async answers(): Promise<void> {
    await patiently(() => withAdmin({ brokers: this.brokers }, (admin) => admin.listTopics()));
    await patiently(() => this.ask("SELECT 1"));
  }

  /** Rows of a statement. Plain HTTP, as the usual client writes a page about each time that it is not answered. */
  async ask<T>(
    statement: string,
    as: Connection = this.admin,
    timeoutMs = ANSWER_DEADLINE_MS,
  ): Promise<T[]> {
    const { url, username, password } = as;
    const response = await fetch(`${url}/?default_format=JSONEachRow`, {
      method: "POST",
      body: statement,
      headers: {
        Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text.trim());
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as T);
  }

  async close(): Promise<void> {
    await Promise.all([this.broker.remove(), this.clickhouse.remove()]);
    for (const network of [this.pipe, this.front])
      await docker("network", "rm", network).catch(() => undefined);
    await Promise.all(this.disks.map((disk) => disk.remove()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function accountsFile(directory: string): string {
  const file = join(directory, "accounts.json");
  const passwordSha256 = createHash("sha256").update(PASSWORD).digest("hex");
  const accounts = ["admin", "reader"].map((name) => ({ name, passwordSha256, profile: name }));
  const content = { accounts, readerGrants: readerGrants("default", []) };
  writeFileSync(file, JSON.stringify(content), { mode: 0o644 });
  return file;
}
