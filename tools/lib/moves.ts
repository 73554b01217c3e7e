import { stackNames } from "../../infra/names";
import { placementOf } from "./engines";
import type { Session } from "./session";
import type { Deployment } from "./state";
import { UserError } from "./user-error";

const VOLUME = "docker:index/volume:Volume";
const PROVIDER_NAME = /::docker-([\d.]+)::/;

/**
 * Refuses to have data on another machine than it is: a volume stays where it was made, and a new one would be empty.
 * @throws UserError (DATA_PROTECTED) naming each volume, before anything is changed
 */
export function refuseMoves(
  { stack }: Pick<Session, "stack">,
  state: Deployment | undefined,
): void {
  const moves = movedVolumes(state, stack, wantedAddress(stack));
  if (moves.length === 0) return;
  const told = moves.map(
    ({ name, from, to }) => `the volume ${name} is on ${from}, and config has it on ${to}`,
  );
  throw new UserError("DATA_PROTECTED", `data does not move by config: ${told.join("; ")}`, {
    where: `hosts in the config of the stack ${stack}`,
    fix: "leave it where it is, or move to another stack as docs/several-hosts.md tells",
  });
}

interface Move {
  name: string;
  from: string;
  to: string;
}

/** Volumes with data whose machine would be another. @param wanted address of the machine that a volume is to be on; undefined for one that is to go */
export function movedVolumes(
  state: Deployment | undefined,
  stack: string,
  wanted: (volume: string) => string | undefined,
): Move[] {
  return (state?.resources ?? []).flatMap(({ type, id, provider }) => {
    if (type !== VOLUME || id === undefined || !holdsData(id, stack)) return [];
    const from = PROVIDER_NAME.exec(String(provider))?.[1] ?? HERE;
    const to = wanted(id);
    return to === undefined || to === from ? [] : [{ name: id, from, to }];
  });
}

const HERE = "the one engine of a stack without hosts";

/** What the others hold is made anew from what is declared, or is a moment's worth of records. */
function holdsData(volume: string, stack: string): boolean {
  const { kafka, clickhouse } = stackNames(stack).volumes;
  return volume === clickhouse || nodeOf(volume, kafka) !== undefined;
}

/** The number of the node whose volume it is. */
function nodeOf(volume: string, first: string): number | undefined {
  if (volume === first) return 1;
  const node = Number(volume.slice(first.length + 1));
  return volume.startsWith(`${first}-`) && Number.isInteger(node) ? node : undefined;
}

function wantedAddress(stack: string): (volume: string) => string | undefined {
  const placement = placementOf(stack);
  const first = stackNames(stack).volumes.kafka;
  return (volume) => {
    if (!placement) return HERE;
    const node = nodeOf(volume, first);
    const hosts = node === undefined ? placement.clickhouse : placement.kafka;
    return hosts[((node ?? 1) - 1) % Math.max(hosts.length, 1)]?.address;
  };
}
