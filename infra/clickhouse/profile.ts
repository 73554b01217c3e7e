/**
 * The profile that consumers, rollups and administrators have, as a users file holds it. A block of messages may be of
 * any number of days, and a rollup may have to count as many: with ClickHouse's limit of a hundred partitions in a
 * block, one such would stop consumption for ever.
 */
export const DEFAULT_PROFILE =
  "<default><max_partitions_per_insert_block>0</max_partitions_per_insert_block></default>";
