import { placedName, placesOf, type ClusterSize } from "../../../infra/clickhouse/cluster";
import { SERVER_HOST } from "../../../infra/clickhouse/cluster-files";
import { unknown, type Hop } from "./hop";
import type { Observations, Servers } from "./observation";

/** The servers of a cluster: whether all answer, and have all that their shard has. */
export function serversHop(seen: Observations, { size, found }: Servers): Hop {
  const name = "servers of ClickHouse";
  if (!found.ok)
    return unknown(name, `the first one does not tell: ${found.reason}`, seen, "clickhouse");
  const { answering, behind } = found.value;
  const wanted = hostsOf(size);
  const absent = wanted.filter((host) => !answering.includes(host));
  const figures = { servers: wanted.length, answering: answering.length, behind };
  if (absent.length > 0)
    return {
      name,
      healthy: false,
      detail: `${absent.join(", ")} of ${wanted.length} ${absent.length === 1 ? "does" : "do"} not answer`,
      fix: `npm run up -- --refresh --stack ${seen.stack}`,
      ...figures,
    };
  const [first] = behind;
  return {
    name,
    healthy: !first,
    detail: first
      ? `${first.host} lacks rows of ${first.name}${behind.length > 1 ? ` and ${behind.length - 1} more` : ""}`
      : `all ${wanted.length} answer and have every row of their shard`,
    ...(first
      ? { fix: `if it does not catch up: docker logs ${containerOf(seen, size, first.host)}` }
      : {}),
    ...figures,
  };
}

function containerOf(seen: Observations, size: ClusterSize, host: string): string {
  return serverContainers(seen)[hostsOf(size).indexOf(host)] ?? host;
}

/** Names of their containers. */
export function serverContainers({ servers, containerNames }: Observations): string[] {
  const first = containerNames["clickhouse"] ?? "";
  return servers ? placesOf(servers.size).map((place) => placedName(first, place)) : [first];
}

function hostsOf(size: ClusterSize): string[] {
  return placesOf(size).map((place) => placedName(SERVER_HOST, place));
}
