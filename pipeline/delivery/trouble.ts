import type { Logger } from "pino";
import { codeOf, messageOf } from "../errors";

/** After which the same failure is told again. */
const REMINDER_MS = 60_000;

/**
 * Logs failures that are tried again. An outage of hours fails in the same way every few seconds: the first
 * time is a warning, and so is any failure in other words; the same one only once a minute.
 */
export class Trouble {
  private last = "";
  private toldAt = 0;

  /** @param fields Go with each line. */
  constructor(
    private readonly log: Logger,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  /** @param failures How often in a row it failed by now. */
  tell(error: unknown, failures: number, retryInMs: number): void {
    const message = messageOf(error);
    const isNews =
      failures === 1 || message !== this.last || Date.now() - this.toldAt >= REMINDER_MS;
    if (isNews) {
      this.last = message;
      this.toldAt = Date.now();
    }
    const fields = { ...this.fields, code: codeOf(error), failures, retryInMs };
    this.log[isNews ? "warn" : "debug"](fields, `waiting for Kafka: ${message}`);
  }
}
