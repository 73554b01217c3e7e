import { setTimeout as sleep } from "node:timers/promises";
import { docker } from "../image/producer-container";
import type { Disk } from "./disk";
import { patiently } from "./patience";

/** Where a container reads how much memory it uses, by either version of control groups. */
const USED_FILES = "/sys/fs/cgroup/memory/memory.usage_in_bytes /sys/fs/cgroup/memory.current";
const SPARE_BYTES = 64 * 1_048_576;
const ENOUGH_BYTES = 16 * 1_073_741_824;
const RESTART_DEADLINE_MS = 10_000;

/** A program's container with a disk of its own, started anew by Docker whenever it ends by itself. */
export interface ContainerArgs {
  image: string;
  /** Networks, the first of which carries its published ports; with the name it has in each. */
  networks: readonly { name: string; alias: string }[];
  /** As `host:container`, on loopback. */
  ports: string[];
  environment: readonly string[];
  dataDirectory: string;
  disk: Disk;
  /** Files to put into it: path within it, and the file that is copied. */
  files?: Readonly<Record<string, string>>;
}

/** A container that is ill-treated as a machine would: killed, held, cut off, its disk filled. */
export class ChaosContainer {
  private constructor(
    private readonly id: string,
    private readonly disk: Disk,
  ) {}

  static async create(args: ContainerArgs): Promise<ChaosContainer> {
    const { image, disk, dataDirectory, networks } = args;
    const [first, ...others] = networks;
    const id = await docker(
      ...["create", "--restart=unless-stopped", `--volume=${disk.source}:${dataDirectory}`],
      ...(first ? [`--network=${first.name}`, `--network-alias=${first.alias}`] : []),
      ...args.ports.map((port) => `--publish=127.0.0.1:${port}`),
      ...args.environment.map((one) => `--env=${one}`),
      image,
    );
    const container = new ChaosContainer(id, disk);
    for (const [path, file] of Object.entries(args.files ?? {}))
      await docker("cp", file, `${id}:${path}`);
    for (const { name, alias } of others) await container.connect(name, alias);
    return container;
  }

  start = (): Promise<string> => docker("start", this.id);
  stop = (): Promise<string> => docker("stop", this.id);
  pause = (): Promise<string> => docker("pause", this.id);
  unpause = (): Promise<string> => docker("unpause", this.id);

  /** SIGKILL from outside: Docker starts it again by its restart policy. */
  kill = (): Promise<void> => this.signal("SIGKILL");

  /** All its threads, until `end`. Docker is not told. */
  stopStill = (): Promise<void> => this.signal("SIGSTOP");

  private async signal(name: "SIGKILL" | "SIGSTOP"): Promise<void> {
    const pid = Number(await docker("inspect", "--format={{.State.Pid}}", this.id));
    // The number of no process: it is down already.
    if (pid > 1) process.kill(pid, name);
  }

  /** Ends it, and Docker does not start it again by itself. */
  end = (): Promise<string> => docker("kill", this.id);

  /**
   * Has the kernel kill it for want of memory: something else in the container takes all that is left, and of the two
   * it is the one that has to go. @throws Error where it was not
   */
  async runOutOfMemory(): Promise<void> {
    const state = () => docker("inspect", "--format={{.RestartCount}}", this.id);
    const before = await state();
    const used = Number(
      await docker("exec", this.id, "sh", "-c", `cat ${USED_FILES} 2>/dev/null; true`),
    );
    await this.limitMemory(used + SPARE_BYTES);
    try {
      const takeAll = "echo 1000 > /proc/1/oom_score_adj; exec tail /dev/zero";
      await docker("exec", "--user=0", this.id, "sh", "-c", takeAll).catch(() => undefined);
    } finally {
      // Docker says that it is running for a moment while it is not any more.
      await patiently(() => this.limitMemory(ENOUGH_BYTES), RESTART_DEADLINE_MS);
    }
    for (const since = Date.now(); (await state()) === before; await sleep(50))
      if (Date.now() - since > RESTART_DEADLINE_MS) throw new Error("it was not killed");
  }

  private limitMemory = (bytes: number): Promise<string> =>
    docker("update", `--memory=${bytes}`, `--memory-swap=${bytes}`, this.id);

  connect = (network: string, alias: string): Promise<string> =>
    docker("network", "connect", `--alias=${alias}`, network, this.id);
  disconnect = (network: string): Promise<string> =>
    docker("network", "disconnect", network, this.id);

  /** Leaves no byte of its disk free, until `freeDisk`. */
  fillDisk = (): Promise<unknown> => this.disk.fill();
  freeDisk = (): Promise<unknown> => this.disk.free();

  log = (): Promise<string> => docker("logs", "--tail=60", this.id);

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.id).catch(() => undefined);
    await this.disk.remove();
  }
}
