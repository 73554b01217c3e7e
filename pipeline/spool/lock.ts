import { connect, createServer, type Server } from "node:net";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { PipelineError, messageOf } from "../errors";

/**
 * Makes sure that one process at a time uses a directory: the holder listens on a socket in it. One that was
 * killed leaves the socket behind, but nobody answers there.
 *
 * @throws PipelineError SPOOL_IN_USE, or SPOOL_UNWRITABLE
 */
export async function lockDirectory(directory: string): Promise<() => void> {
  const path = join(directory, "lock");
  for (let attempt = 1; ; attempt++) {
    const server = createServer((caller) => caller.end());
    const failure = await listen(server, path);
    if (!failure) {
      server.unref();
      return () => server.close();
    }
    if (failure.code !== "EADDRINUSE" || attempt > 2)
      throw new PipelineError(
        "SPOOL_UNWRITABLE",
        `the spool ${directory} cannot be written to: ${messageOf(failure)}`,
        { cause: failure },
      );
    if (await isAnswered(path))
      throw new PipelineError(
        "SPOOL_IN_USE",
        `the spool ${directory} is used by another producer: give each a directory of its own`,
      );
    rmSync(path, { force: true });
  }
}

function listen(server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(path, () => resolve(undefined));
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const caller = connect(path, () => {
      caller.destroy();
      resolve(true);
    });
    caller.once("error", () => resolve(false));
  });
}
