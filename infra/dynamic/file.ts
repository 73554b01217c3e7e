import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { dynamic } from "@pulumi/pulumi";

/** A file of the checkout, as its resource describes it. */
export interface FileState {
  /** Relative to the checkout. */
  path: string;
  content: string;
}

const checkout = resolve(__dirname, "..", "..");

/** Writes the file whole or not at all. */
async function write(inputs: FileState): Promise<FileState> {
  const path = resolve(checkout, inputs.path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, inputs.content);
  await rename(`${path}.new`, path);
  return inputs;
}

export async function create(inputs: FileState): Promise<dynamic.CreateResult> {
  return { id: inputs.path, outs: await write(inputs) };
}

export async function update(inputs: FileState): Promise<dynamic.UpdateResult> {
  return { outs: await write(inputs) };
}

export async function read(id: string, state?: FileState): Promise<dynamic.ReadResult> {
  if (!state) return {};
  try {
    const content = await readFile(resolve(checkout, state.path), "utf8");
    return { id, props: { ...state, content } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

export async function del(state: FileState): Promise<void> {
  await rm(resolve(checkout, state.path), { force: true });
}

export function diff(olds: FileState, news: FileState): dynamic.DiffResult {
  return {
    changes: olds.content !== news.content || olds.path !== news.path,
    replaces: olds.path === news.path ? [] : ["path"],
  };
}

export const provider: dynamic.ResourceProvider<FileState, FileState> = {
  diff: async (_id, olds, news) => diff(olds, news),
  create,
  read,
  update: (_id, _olds, news) => update(news),
  delete: (_id, state) => del(state),
};
