import { cpus, totalmem } from "node:os";

/** What figures depend on. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGib: number;
  node: string;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

export function machineLine({ processor, cores, memoryGib, node }: Machine): string {
  return `${cores} cores of ${processor}, ${memoryGib} GiB, Node ${node}`;
}
