import { execFile, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { docker } from "../image/producer-container";

const run = promisify(execFile);

/** Size of each, of which only what is written is taken. */
export const DISK_MB = 3_072;

/** A disk of its own for one program's data. */
export interface Disk {
  /** What a container takes for `--volume`, before the path within it. */
  source: string;
  /** Leaves no byte of it free. */
  fill(): Promise<unknown>;
  /** Makes that room again. */
  free(): Promise<unknown>;
  remove(): Promise<void>;
}

/** Takes each byte that is free. */
const filler = (path: string) => `cat /dev/zero >> ${path}/fill 2>/dev/null; true`;
/** Takes each byte that becomes free, as programs do that go on writing, until the file is gone. */
const keptFull = (path: string) =>
  `while [ -e ${path}/fill ]; do dd if=/dev/zero of=${path}/fill bs=4k oflag=append conv=notrunc,nocreat 2>/dev/null; sleep 0.05; done`;
const emptier = (path: string) => `rm -f ${path}/fill`;

/** A disk in memory, which an image's own `sleep` keeps while the program is down. It takes no root. */
export async function memoryDisk(image: string, uid: number): Promise<Disk> {
  const options = ["type=tmpfs", "device=tmpfs", `o=size=${DISK_MB}m,uid=${uid},gid=${uid}`];
  const source = await docker("volume", "create", ...options.map((one) => `--opt=${one}`));
  const keeper = await docker(
    ...["run", "--detach", "--network=none", `--user=${uid}`, `--volume=${source}:/disk`],
    ...["--entrypoint=sleep", image, "infinity"],
  );
  const within = (script: string) => docker("exec", keeper, "sh", "-c", script);
  return {
    source,
    fill: async () => {
      await within(filler("/disk"));
      await docker("exec", "--detach", keeper, "sh", "-c", keptFull("/disk"));
    },
    free: () => within(emptier("/disk")),
    remove: async () => {
      await docker("rm", "--force", "--volumes", keeper).catch(() => undefined);
      await docker("volume", "rm", source).catch(() => undefined);
    },
  };
}

/** A disk that can lose its power. */
export interface PoweredDisk extends Disk {
  /** From now on it takes nothing: what was not synced is gone. */
  cut(): Promise<unknown>;
  /** What uses it has to have ended. It holds what it held at the cut. */
  restore(): Promise<unknown>;
}

/** Whether this machine can have such disks: it takes root, and a file as a device. */
export async function canCutPower(): Promise<boolean> {
  return process.getuid?.() === 0 && run("losetup", ["--find"]).then(ok, failed);
}
const ok = () => true;
const failed = () => false;

/** How ext4 is told to stop at once, its journal not flushed: EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH. */
const STOP_AT_ONCE =
  'open(my $f, "<", $ARGV[0]) or die $!; my $flags = pack("L", 2); ioctl($f, 0x8004587d, $flags) or die $!';

/** An ext4 of its own in a file beside `mountpoint`. Nothing reaches it by itself for minutes: what is there was synced. */
export async function poweredDisk(
  mountpoint: string,
  uid: number,
  sizeMb = DISK_MB,
): Promise<PoweredDisk> {
  const file = `${mountpoint}.ext4`;
  mkdirSync(mountpoint);
  await run("truncate", [`--size=${sizeMb}M`, file]);
  await run("mkfs.ext4", ["-q", "-F", "-E", `root_owner=${uid}:${uid}`, file]);
  const mount = () => run("mount", ["-o", "loop,commit=300", file, mountpoint]);
  await mount();
  // Kafka takes every directory of its disk for a partition.
  rmSync(`${mountpoint}/lost+found`, { recursive: true });
  return {
    source: mountpoint,
    fill: async () => {
      await run("sh", ["-c", filler(mountpoint)]);
      spawn("sh", ["-c", keptFull(mountpoint)], { stdio: "ignore" });
    },
    free: () => run("sh", ["-c", emptier(mountpoint)]),
    cut: () => run("perl", ["-e", STOP_AT_ONCE, mountpoint]),
    restore: async () => {
      await run("umount", [mountpoint]);
      await mount();
    },
    remove: async () => {
      await run("umount", ["--lazy", mountpoint]).catch(() => undefined);
      rmSync(file, { force: true });
    },
  };
}
