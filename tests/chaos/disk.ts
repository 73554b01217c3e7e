import { execFile } from "node:child_process";
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
    fill: () => within("cat /dev/zero > /disk/fill 2>/dev/null; true"),
    free: () => within("rm -f /disk/fill"),
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
export async function poweredDisk(mountpoint: string, uid: number): Promise<PoweredDisk> {
  const file = `${mountpoint}.ext4`;
  mkdirSync(mountpoint);
  await run("truncate", [`--size=${DISK_MB}M`, file]);
  await run("mkfs.ext4", ["-q", "-F", "-E", `root_owner=${uid}:${uid}`, file]);
  const mount = () => run("mount", ["-o", "loop,commit=300", file, mountpoint]);
  await mount();
  // Kafka takes every directory of its disk for a partition.
  rmSync(`${mountpoint}/lost+found`, { recursive: true });
  return {
    source: mountpoint,
    fill: () => run("sh", ["-c", `cat /dev/zero > ${mountpoint}/fill 2>/dev/null; true`]),
    free: () => run("rm", ["-f", `${mountpoint}/fill`]),
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
