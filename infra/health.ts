/** For this long after its start a container is asked each second, so that what waits for it goes on at once. */
const YOUNG_SECONDS = 12;
/** A pause is then this part of the container's age: a question starts a process in it, which is dear to ask often. */
const AGE_PER_PAUSE = 6;
const LONGEST_PAUSE_SECONDS = 9;
const YOUNG_PERIOD = "1m0s";
/** Longest time an answer may take. */
const ANSWER_SECONDS = 5;

/** How Docker finds out whether a container's service answers. */
export interface HealthCheck {
  tests: string[];
  interval: string;
  timeout: string;
  startPeriod: string;
  retries: number;
}

/**
 * Asks with `command` (a program and its arguments, no shell): each second while the container is young, then less
 * and less often, down to every 10 seconds after a minute. Docker before 25 knows one interval only, so the question
 * itself waits. Needs what every Linux image has: `sh`, `sleep`, `timeout` and /proc.
 */
export function healthCheck(command: readonly string[]): HealthCheck {
  const ask = `exec timeout ${ANSWER_SECONDS} ${command.map(quote).join(" ")}`;
  return {
    tests: ["CMD-SHELL", `${WAIT}; ${ask}`],
    interval: "1s",
    timeout: `${LONGEST_PAUSE_SECONDS + ANSWER_SECONDS + 1}s`,
    // As Docker tells it: another word for the same time would be a difference at each refresh.
    startPeriod: YOUNG_PERIOD,
    retries: 3,
  };
}

/**
 * Whether a service answers `GET path` with 200. In bash, which opens connections itself: starting Node or curl
 * takes ten times as long.
 */
export function httpHealthCommand(port: number, path: string): string[] {
  const ask = `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ "$status" = 200 ]`;
  return ["bash", "-c", ask];
}

/** The container's age is that of its first process: field 22 of its stat, in hundredths of a second since boot. */
const WAIT = [
  "read -r up _ </proc/uptime",
  "read -r stat </proc/1/stat",
  "set -- ${stat##*) }",
  `age=$((\${up%.*} - \${20} / 100))`,
  `pause=$((age / ${AGE_PER_PAUSE} - ${YOUNG_SECONDS / AGE_PER_PAUSE} + 1))`,
  `[ $pause -le ${LONGEST_PAUSE_SECONDS} ] || pause=${LONGEST_PAUSE_SECONDS}`,
  `[ $age -lt ${YOUNG_SECONDS} ] || sleep $pause`,
].join("; ");

function quote(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
