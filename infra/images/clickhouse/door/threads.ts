/**
 * Threads that queries, the reading of bodies and compression share. Imported before all else: Node reads the
 * number when the first of them is needed, and its default of four would let no more than four queries run.
 */
const THREADS = 128;
process.env["UV_THREADPOOL_SIZE"] ??= String(THREADS);

/** Share of the threads that queries may take, so that one is always left for stopping a query. */
const QUERIES_SHARE = 0.75;

/** Most queries at a time. */
export const MAX_QUERIES = Math.max(
  1,
  Math.floor(Number(process.env["UV_THREADPOOL_SIZE"]) * QUERIES_SHARE),
);
