import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../../lib/run";
import { cacheDir } from "../cache";

/** How an engine started by hand is to use the packet filter. */
export interface Filter {
  /** To be put first on its PATH. */
  path: string[];
  args: string[];
  /** What people should know about it. */
  note?: string;
}

const LEGACY = ["iptables", "ip6tables"] as const;

/**
 * Finds the packet filter that this kernel has. Debian's `iptables` speaks nftables, which some kernels
 * of containers and small virtual machines lack; the older one is then given to the engine alone.
 */
export async function findFilter(env: NodeJS.ProcessEnv): Promise<Filter> {
  const works = async (program: string) =>
    (await capture(program, ["--table", "nat", "--list", "--numeric"], { env })).code === 0;
  if (await works("iptables")) return { path: [], args: [] };
  if (await works("iptables-legacy")) return { path: [linkLegacy()], args: [] };
  return {
    path: [],
    args: ["--iptables=false", "--ip6tables=false"],
    note: "this kernel has no packet filter, so containers reach one another and this machine only",
  };
}

function linkLegacy(): string {
  const directory = join(cacheDir(), "docker", "iptables-legacy");
  mkdirSync(directory, { recursive: true });
  for (const name of LEGACY) {
    const link = join(directory, name);
    if (!existsSync(link)) symlinkSync(`/usr/sbin/${name}-legacy`, link);
  }
  return directory;
}
