/**
 * Threads that queries, the reading of bodies and compression share. Imported before all else: Node reads the
 * number when the first of them is needed, and its default of four would let no more than four queries run.
 */
const THREADS = 128;
process.env["UV_THREADPOOL_SIZE"] ??= String(THREADS);

/** Most queries at a time, so that a thread is left for stopping one. The official server's limit, too. */
export const MAX_QUERIES = 100;
