import type { Session } from "chdb";
import { DoorError } from "./errors";

interface Kept {
  session: Session;
  busy: boolean;
  timer: NodeJS.Timeout | undefined;
  timeoutMs: number;
}

/** Sessions that clients named, kept between their requests with their settings and temporary tables. */
export class Sessions {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly open: () => Session) {}

  /**
   * The session of that name, made if need be, or a new one where there is no name.
   * @param owner keeps one account's sessions apart from another's.
   * @throws DoorError 373 where another request uses it, 372 where `mustExist` and there is none.
   */
  take(owner: string, id: string | undefined, timeoutMs: number, mustExist: boolean): Taken {
    if (id === undefined) {
      const session = this.open();
      return { session, fresh: true, release: () => session.close() };
    }
    const key = `${owner}\n${id}`;
    const known = this.kept.get(key);
    if (known?.busy)
      throw new DoorError(
        373,
        "SESSION_IS_LOCKED",
        `Session ${id} is locked by a concurrent client.`,
      );
    if (!known && mustExist)
      throw new DoorError(372, "SESSION_NOT_FOUND", `Session ${id} not found`);
    const kept = known ?? { session: this.open(), busy: true, timer: undefined, timeoutMs };
    clearTimeout(kept.timer);
    kept.busy = true;
    kept.timeoutMs = timeoutMs;
    this.kept.set(key, kept);
    return {
      session: kept.session,
      fresh: !known,
      release: (keep) => (keep ? this.putBack(key, kept) : this.drop(key, kept)),
    };
  }

  closeAll(): void {
    for (const [key, kept] of this.kept) this.drop(key, kept);
  }

  private putBack(key: string, kept: Kept): void {
    kept.busy = false;
    kept.timer = setTimeout(() => this.drop(key, kept), kept.timeoutMs).unref();
  }

  private drop(key: string, kept: Kept): void {
    clearTimeout(kept.timer);
    this.kept.delete(key);
    kept.session.close();
  }
}

export interface Taken {
  session: Session;
  /** Whether nothing was set in it yet. */
  fresh: boolean;
  /** Gives it back. One that is not to be kept, as it may be half set up, is closed. */
  release(keep: boolean): void;
}
