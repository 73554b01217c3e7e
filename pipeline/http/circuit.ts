import { PipelineError } from "../errors";

/** Failures in a row after which nothing more is asked for a while. */
const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 15_000;
const MAX_OPEN_MS = 300_000;

/** closed: calls pass. open: they are refused at once. half-open: one call is on its way to find out. */
export type CircuitState = "closed" | "open" | "half-open";

export interface CircuitOptions {
  /** @default 5 */
  failuresToOpen?: number;
  /** How long it stays open at first; it doubles each time the trial call fails. @default 15000 */
  firstOpenMs?: number;
  /** @default 300000 */
  maxOpenMs?: number;
  onChange?: (state: CircuitState) => void;
}

/**
 * Keeps calls away from a host that does not answer. After several failures in a row it opens and refuses
 * calls; when its time is over, it lets one through, whose outcome closes it or opens it for longer.
 */
export class Circuit {
  private failures = 0;
  private openings = 0;
  private openUntil = 0;
  private current: CircuitState = "closed";

  constructor(private readonly options: CircuitOptions = {}) {}

  get state(): CircuitState {
    return this.current;
  }

  /** @throws PipelineError HTTP_CIRCUIT_OPEN where the call must not be made. */
  enter(what: string, host: string): void {
    if (this.current === "closed") return;
    const leftMs = this.openUntil - Date.now();
    if (this.current === "open" && leftMs <= 0) return this.change("half-open");
    const next =
      leftMs > 0 ? `the next try is in ${Math.ceil(leftMs / 1000)} s` : "one call is trying";
    throw new PipelineError(
      "HTTP_CIRCUIT_OPEN",
      `${what}: ${host} failed ${this.failures} times in a row and is not asked now; ${next}`,
    );
  }

  succeeded(): void {
    this.failures = 0;
    this.openings = 0;
    if (this.current !== "closed") this.change("closed");
  }

  failed(): void {
    this.failures++;
    if (
      this.current === "closed" &&
      this.failures < (this.options.failuresToOpen ?? FAILURES_TO_OPEN)
    )
      return;
    const { firstOpenMs = FIRST_OPEN_MS, maxOpenMs = MAX_OPEN_MS } = this.options;
    this.openUntil =
      Date.now() + Math.min(maxOpenMs, firstOpenMs * 2 ** Math.min(this.openings++, 30));
    if (this.current !== "open") this.change("open");
  }

  /** A trial call ended without an outcome, because it was stopped: the next one tries again. */
  abandoned(): void {
    if (this.current === "half-open") this.change("open");
  }

  private change(state: CircuitState): void {
    this.current = state;
    this.options.onChange?.(state);
  }
}
