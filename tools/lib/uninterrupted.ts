const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs what must not be left half done: a signal that comes meanwhile ends the process after it. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  let interrupted: NodeJS.Signals | undefined;
  const remember = (signal: NodeJS.Signals) => (interrupted ??= signal);
  for (const signal of SIGNALS) process.on(signal, remember);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, remember);
    if (interrupted) process.kill(process.pid, interrupted);
  }
}
