/** What is under way or waits for its turn last, by flow. */
const last = new Map<string, Promise<void>>();

/**
 * Does `work` when all work begun before it on any of the same flows has ended: Pulumi changes several objects at
 * once, and one of them could else have a Kafka table read while another still copies what is stored.
 */
export function inTurn<T>(flows: readonly string[], work: () => Promise<T>): Promise<T> {
  const before = flows.flatMap((flow) => last.get(flow) ?? []);
  const done = Promise.all(before).then(work);
  const ended = done.then(
    () => undefined,
    () => undefined,
  );
  for (const flow of flows) last.set(flow, ended);
  return done;
}
