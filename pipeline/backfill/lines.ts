import { closeSync, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 10;
const RETURN = 13;

/** Whole lines: `buffer` from `start` to, and without, `end`. */
export interface Line {
  buffer: Buffer;
  start: number;
  end: number;
}

/**
 * The lines of a file, a chunk at a time, so that memory stays the same for a file of any length. A line's
 * buffer is only good until the next chunk.
 *
 * @param chunkBytes Read at once. A longer line makes it larger. @default 1048576
 */
export function* chunksOf(path: string, chunkBytes = CHUNK_BYTES): Generator<Line[]> {
  const file = openSync(path, "r");
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes);
    let filled = 0;
    for (;;) {
      const read = readSync(file, buffer, filled, buffer.length - filled, null);
      filled += read;
      const [lines, used] = linesIn(buffer, filled, read === 0);
      if (lines.length > 0) yield lines;
      if (read === 0) return;
      if (used === 0 && filled === buffer.length) {
        buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
        continue;
      }
      buffer.copy(buffer, 0, used, filled);
      filled -= used;
    }
  } finally {
    closeSync(file);
  }
}

/** The lines in the filled part, and how much of it they use. The last one may lack its end. */
function linesIn(buffer: Buffer, filled: number, isLast: boolean): [Line[], number] {
  const lines: Line[] = [];
  let start = 0;
  for (;;) {
    const at = buffer.indexOf(NEWLINE, start);
    if (at < 0 || at >= filled) break;
    lines.push({ buffer, start, end: buffer[at - 1] === RETURN ? at - 1 : at });
    start = at + 1;
  }
  if (isLast && start < filled) {
    lines.push({ buffer, start, end: filled });
    start = filled;
  }
  return [lines, start];
}
