import { docker } from "../image/producer-container";

/** A program's container with a disk of its own, started anew by Docker whenever it ends by itself. */
export interface ContainerArgs {
  image: string;
  /** Networks, the first of which carries its published ports; with the name it has in each. */
  networks: readonly { name: string; alias: string }[];
  /** As `host:container`, on loopback. */
  ports: string[];
  environment: readonly string[];
  dataDirectory: string;
  /** User of the image's program, to whom the disk belongs. */
  uid: number;
  diskMb: number;
  /** Files to put into it: path within it, and the file that is copied. */
  files?: Readonly<Record<string, string>>;
}

/** A container that is ill-treated as a machine would: killed, held, cut off, its disk filled. */
export class ChaosContainer {
  private constructor(
    private readonly id: string,
    private readonly volume: string,
    private readonly keeper: string,
  ) {}

  static async create(args: ContainerArgs): Promise<ChaosContainer> {
    const { image, uid, diskMb, dataDirectory, networks } = args;
    const options = ["type=tmpfs", "device=tmpfs", `o=size=${diskMb}m,uid=${uid},gid=${uid}`];
    const volume = await docker("volume", "create", ...options.map((one) => `--opt=${one}`));
    // A disk in memory is there for as long as a container has it.
    const keeper = await docker(
      ...["run", "--detach", "--network=none", `--user=${uid}`, `--volume=${volume}:/disk`],
      ...["--entrypoint=sleep", image, "infinity"],
    );
    const [first, ...others] = networks;
    const id = await docker(
      ...["create", "--restart=unless-stopped", `--volume=${volume}:${dataDirectory}`],
      ...(first ? [`--network=${first.name}`, `--network-alias=${first.alias}`] : []),
      ...args.ports.map((port) => `--publish=127.0.0.1:${port}`),
      ...args.environment.map((one) => `--env=${one}`),
      image,
    );
    const container = new ChaosContainer(id, volume, keeper);
    for (const [path, file] of Object.entries(args.files ?? {}))
      await docker("cp", file, `${id}:${path}`);
    for (const { name, alias } of others) await container.connect(name, alias);
    return container;
  }

  start = (): Promise<string> => docker("start", this.id);
  stop = (): Promise<string> => docker("stop", this.id);
  pause = (): Promise<string> => docker("pause", this.id);
  unpause = (): Promise<string> => docker("unpause", this.id);

  /** SIGKILL from outside, as the kernel does when memory runs out: Docker starts it again by its restart policy. */
  async kill(): Promise<void> {
    const pid = Number(await docker("inspect", "--format={{.State.Pid}}", this.id));
    // The number of no process: it is down already.
    if (pid > 1) process.kill(pid, "SIGKILL");
  }

  connect = (network: string, alias: string): Promise<string> =>
    docker("network", "connect", `--alias=${alias}`, network, this.id);
  disconnect = (network: string): Promise<string> =>
    docker("network", "disconnect", network, this.id);

  /** Leaves no byte of its disk free, until `freeDisk`. */
  fillDisk = (): Promise<string> =>
    docker("exec", this.keeper, "sh", "-c", "cat /dev/zero > /disk/fill 2>/dev/null; true");
  freeDisk = (): Promise<string> => docker("exec", this.keeper, "rm", "-f", "/disk/fill");

  log = (): Promise<string> => docker("logs", "--tail=60", this.id);

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.id, this.keeper).catch(() => undefined);
    await docker("volume", "rm", this.volume).catch(() => undefined);
  }
}
