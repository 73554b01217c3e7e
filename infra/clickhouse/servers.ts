import { CLUSTER } from "./cluster";

/** A replica that is behind by no more than that has what it missed: rows come in all the time. */
const MOST_DELAY_SECONDS = 2;
const ASKED = "SETTINGS skip_unavailable_shards = 1";

/** Names of the servers that answer the first one, as `host`. */
export const ANSWERING_SERVERS = `SELECT hostName() AS host FROM clusterAllReplicas('${CLUSTER}', system.one) ORDER BY host ${ASKED}`;

/** Tables of which a server lacks rows or takes none, as `host` and `name`. */
export const TABLES_BEHIND = `SELECT hostName() AS host, concat(database, '.', table) AS name
  FROM clusterAllReplicas('${CLUSTER}', system.replicas)
  WHERE is_readonly OR is_session_expired OR absolute_delay > ${MOST_DELAY_SECONDS} ORDER BY host, name ${ASKED}`;
