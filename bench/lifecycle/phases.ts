/** One event of Pulumi's log, by what this needs of it. */
export interface EngineEvent {
  /** Milliseconds since the command was started. */
  atMs: number;
  kind: "prelude" | "begin" | "end" | "summary";
  /** Type of the resource, empty for events of the run. */
  type: string;
  /** Name of the resource. */
  name: string;
}

/** A stretch of a command's time. Stretches overlap where things run side by side. */
export interface Phase {
  name: string;
  fromMs: number;
  toMs: number;
}

export interface Command {
  events: readonly EngineEvent[];
  totalMs: number;
  /** When the first rows were seen, where the command waits for them. */
  rowsMs?: number;
}

/**
 * Where a command's time went: set-up before Pulumi, Pulumi's start, each kind of resource from its first
 * beginning to its last end, and what follows.
 */
export function phasesOf({ events, totalMs, rowsMs }: Command): Phase[] {
  const prelude = events.find(({ kind }) => kind === "prelude");
  if (!prelude) return [{ name: "all", fromMs: 0, toMs: totalMs }];
  const resources = events.filter(({ kind, type }) => kind !== "prelude" && groupOf(type) !== "");
  const first = resources[0]?.atMs ?? prelude.atMs;
  const done = events.at(-1)?.atMs ?? prelude.atMs;
  const rows = rowsMs === undefined ? undefined : Math.max(done, rowsMs);
  return [
    { name: "set-up: npm, tools, images, checks", fromMs: 0, toMs: prelude.atMs },
    { name: "Pulumi: plugins and the program", fromMs: prelude.atMs, toMs: first },
    ...groups(resources),
    ...(rows === undefined
      ? [{ name: "after Pulumi", fromMs: done, toMs: totalMs }]
      : [
          { name: "until rows are seen", fromMs: done, toMs: rows },
          { name: "status of every hop", fromMs: rows, toMs: totalMs },
        ]),
  ];
}

function groups(events: readonly EngineEvent[]): Phase[] {
  const found = new Map<string, Phase>();
  for (const { atMs, type, name } of events) {
    const group = groupOf(type, name);
    const phase = found.get(group);
    if (phase) phase.toMs = atMs;
    else found.set(group, { name: group, fromMs: atMs, toMs: atMs });
  }
  return [...found.values()];
}

/** Components are what their parts are, and providers take no time of their own. */
function groupOf(type: string, name = ""): string {
  if (type === "docker:index/container:Container") {
    return `container ${name.replace(/-container$/, "")}, until it answers`;
  }
  if (type.startsWith("docker:")) return "network, volumes, images";
  if (type === "kafka:index/topic:Topic") return "topics";
  if (type.endsWith("clickhouse:SqlObject")) return "SQL objects";
  if (type.startsWith("pulumi-nodejs:")) return "passwords, dashboards' files";
  return "";
}
