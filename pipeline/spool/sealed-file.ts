import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

const FORM = /^steamline-spool 1 sha256=([0-9a-f]{64})\n/;

/** Writes `value` so that after a power cut the file is there whole, as it was, or not at all. */
export async function writeSealed(path: string, value: unknown): Promise<number> {
  const body = JSON.stringify(value);
  const text = `steamline-spool 1 sha256=${digest(body)}\n${body}\n`;
  const making = `${path}.tmp`;
  const file = await open(making, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(making, path);
  await syncDirectory(dirname(path));
  return Buffer.byteLength(text);
}

/** What `writeSealed` wrote, or undefined where the file is not as it was written. */
export async function readSealed(
  path: string,
): Promise<{ value: unknown; bytes: number } | undefined> {
  const text = await readFile(path, "utf8");
  const sum = FORM.exec(text)?.[1];
  const body = text.slice(text.indexOf("\n") + 1).replace(/\n$/, "");
  if (sum === undefined || digest(body) !== sum) return undefined;
  return { value: JSON.parse(body), bytes: Buffer.byteLength(text) };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
