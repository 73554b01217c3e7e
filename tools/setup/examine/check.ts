/** One thing looked at by `npm run doctor`. */
export interface Check {
  name: string;
  /** Whether `npm run up` gets by with it: what that installs by itself is not missing. */
  ok: boolean;
  detail: string;
  /** What to do where it is not ok. */
  fix?: string;
}

export function passed(name: string, detail: string): Check {
  return { name, ok: true, detail };
}

export function failed(name: string, detail: string, fix: string): Check {
  return { name, ok: false, detail, fix };
}
