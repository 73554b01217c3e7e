import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type { EngineEvent } from "./phases";

/** Pulumi's own stamps are whole seconds, so lines are stamped as they appear. */
const POLL_MS = 15;
const CHUNK_BYTES = 256 * 1024;

interface LoggedEvent {
  preludeEvent?: unknown;
  summaryEvent?: unknown;
  resourcePreEvent?: { metadata: Metadata };
  resOutputsEvent?: { metadata: Metadata };
}

interface Metadata {
  type: string;
  urn: string;
}

/** The event of one line, or undefined for one that tells nothing of time. */
export function readEvent(line: string, atMs: number): EngineEvent | undefined {
  const event = JSON.parse(line) as LoggedEvent;
  if (event.preludeEvent) return { atMs, kind: "prelude", type: "", name: "" };
  if (event.summaryEvent) return { atMs, kind: "summary", type: "", name: "" };
  const metadata = event.resourcePreEvent?.metadata ?? event.resOutputsEvent?.metadata;
  if (!metadata) return undefined;
  const kind = event.resourcePreEvent ? "begin" : "end";
  return { atMs, kind, type: metadata.type, name: metadata.urn.split("::").at(-1) ?? "" };
}

/** Follows the event log that a command writes to `file`, until the function it gives is called. */
export function followEvents(file: string, startedAt: number): () => EngineEvent[] {
  const events: EngineEvent[] = [];
  let position = 0;
  let rest = "";
  const look = () => {
    if (!existsSync(file)) return;
    const text = readFrom(file, position);
    position += Buffer.byteLength(text);
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const event = readEvent(line, Date.now() - startedAt);
      if (event) events.push(event);
    }
  };
  const timer = setInterval(look, POLL_MS);
  return () => {
    clearInterval(timer);
    look();
    return events;
  };
}

/** What stands in the file behind `position`, up to the last whole line. */
function readFrom(file: string, position: number): string {
  const descriptor = openSync(file, "r");
  try {
    const parts: Buffer[] = [];
    for (let at = position; ;) {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(descriptor, buffer, 0, CHUNK_BYTES, at);
      if (length === 0) break;
      parts.push(buffer.subarray(0, length));
      at += length;
    }
    const all = Buffer.concat(parts);
    return all.subarray(0, all.lastIndexOf(10) + 1).toString("utf8");
  } finally {
    closeSync(descriptor);
  }
}
