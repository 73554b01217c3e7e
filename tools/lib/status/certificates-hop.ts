import { count, type Hop } from "./hop";
import type { Observations } from "./observation";

const DAY_MS = 86_400_000;
/** Days before their end from which certificates are told of: `up` would have renewed them long before. */
const LEAST_DAYS = 30;

/** How long the certificates are valid, where there are any. @param end milliseconds since 1970 */
export function certificatesHop({ now, stack }: Observations, end: number): Hop {
  const days = Math.floor((end - now) / DAY_MS);
  const healthy = days >= LEAST_DAYS;
  const until = new Date(end).toISOString().slice(0, 10);
  return {
    name: "Kafka's certificates",
    healthy,
    detail: days < 0 ? `ended on ${until}` : `valid until ${until}, for ${count(days)} days`,
    ...(healthy ? {} : { fix: `npm run up -- --stack ${stack} makes new ones` }),
    days,
  };
}
