/** Tells a person what goes on while they wait. What it writes goes to standard error. */
export interface Progress {
  /** Runs `work` as one named step. Its elapsed time is shown, and how it ended. */
  step<T>(title: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T>;
  note(line: string): void;
}

interface Running {
  title: string;
  detail: string;
  startedAt: number;
}

/** Steps shorter than this leave no line behind, so that a second run stays quiet. */
const QUIET_MS = 1000;
const REDRAW_MS = 200;
/** In a log, how often a step that goes on says so. */
const REPEAT_MS = 15_000;

/** A progress display for `out`: a live line on a terminal, plain lines elsewhere. */
export function createProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  const running = new Set<Running>();
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;

  const wipe = () => {
    if (drawn) out.write("\r\u001b[K");
    drawn = false;
  };
  const line = (text: string) => {
    wipe();
    out.write(`${text}\n`);
  };
  const draw = () => {
    const steps = [...running].map(
      (step) => `${step.title}${step.detail ? `: ${step.detail}` : ""} ${elapsed(step)}`,
    );
    wipe();
    out.write(steps.join(" · ").slice(0, Math.max(20, (out.columns || 80) - 1)));
    drawn = true;
  };
  const repeat = () => {
    for (const step of running)
      line(`  ${step.title} ... ${elapsed(step)}${step.detail ? ` (${step.detail})` : ""}`);
  };
  const begin = (step: Running) => {
    running.add(step);
    timer ??= setInterval(out.isTTY ? draw : repeat, out.isTTY ? REDRAW_MS : REPEAT_MS);
    timer.unref();
  };
  const end = (step: Running) => {
    running.delete(step);
    if (running.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    wipe();
  };

  return {
    async step(title, work) {
      const step = { title, detail: "", startedAt: Date.now() };
      begin(step);
      try {
        const result = await work((detail) => (step.detail = detail));
        if (Date.now() - step.startedAt >= QUIET_MS) line(`  ${title}: done in ${elapsed(step)}`);
        return result;
      } catch (error) {
        line(`  ${title}: failed after ${elapsed(step)}`);
        throw error;
      } finally {
        end(step);
      }
    },
    note: (text) => line(`  ${text}`),
  };
}

function elapsed(step: Running): string {
  return seconds(Date.now() - step.startedAt);
}

/** A duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`. */
export function seconds(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
