// Written by "npm run generate" from sql/ and sql/queries/, as the engine understands them. Not edited by hand.

/** Columns of each table of `sql/`, with their types in ClickHouse. */
export interface TableColumns {
  steam_audits: {
    checked_at: "DateTime";
    topic: "LowCardinality(String)";
    complete: "Bool";
    stored: "UInt64";
    refused: "UInt64";
    without_row: "UInt64";
    expired: "UInt64";
    waiting: "UInt64";
    lost: "UInt64";
    delivered_again: "UInt64";
    missing_rows: "UInt64";
    repeated_rows: "UInt64";
    missing_letters: "UInt64";
    findings: "Array(String)";
  };
  steam_dead_letters: {
    topic: "LowCardinality(String)";
    partition: "UInt64";
    offset: "UInt64";
    key: "String";
    raw_message: "String";
    error: "String";
    message_time: "Nullable(DateTime)";
    received_at: "DateTime";
    headers: "Array(Tuple(name String, value String))";
    read_as: "String";
    replays: "UInt32";
  };
  steam_game_details: {
    game_id: "UInt32";
    game_name: "String";
    genres: "Array(String)";
    original_price: "Decimal(10, 2)";
    final_price: "Decimal(10, 2)";
    discount_percent: "UInt8";
    currency: "LowCardinality(String)";
    review_score: "UInt8";
    fetch_time: "DateTime";
  };
  steam_hourly_players: {
    hour: "DateTime";
    game_id: "UInt32";
    total_players: "UInt64";
    records: "UInt64";
    counted_at: "DateTime64(3)";
  };
  steam_hourly_stats: {
    hour: "DateTime";
    game_id: "UInt32";
    total_players: "UInt64";
    records: "UInt64";
  };
  steam_ledger: {
    table: "LowCardinality(String)";
    topic: "LowCardinality(String)";
    partition: "UInt64";
    bucket: "UInt64";
    fate: "Enum8('stored' = 1, 'refused' = 2, 'empty' = 3, 'null value' = 4, 'control record' = 5, 'aborted' = 6, 'compacted' = 7, 'expired' = 8, 'before the ledger' = 9, 'lost' = 10)";
    offsets: "AggregateFunction(groupBitmap, UInt64)";
    again: "AggregateFunction(groupBitmap, UInt64)";
  };
  steam_ledger_keys: {
    table: "LowCardinality(String)";
    day: "Date";
    key: "UInt64";
    times: "AggregateFunction(groupBitmap, UInt32)";
  };
  steam_producer_metrics: {
    at: "DateTime";
    name: "LowCardinality(String)";
    subject: "LowCardinality(String)";
    detail: "LowCardinality(String)";
    value: "Float64";
  };
  steam_top_games: {
    game_id: "UInt32";
    game_name: "String";
    current_players: "UInt32";
    peak_today: "UInt32";
    rank: "UInt16";
    fetch_time: "DateTime";
  };
}

/** Columns of the result of each file of `sql/queries/`. */
export interface QueryColumns {
  "alerts/audit": { incomplete: "Float64" };
  "alerts/bad_messages": { messages: "Float64" };
  "alerts/consumer_exceptions": { exceptions: "Float64" };
  "alerts/details_stale": { age: "Int64" };
  "alerts/disk_free": { disk: "String"; free: "Float64" };
  "alerts/lag": { topic: "String"; lag: "Float64" };
  "alerts/polls": { polls: "Float64" };
  "alerts/producer_dropped": { dropped: "Float64" };
  "alerts/stale": { age: "Int64" };
  "game/days": { time: "DateTime"; players: "Float64" };
  "game/hours_of_day": { hour_of_day: "String"; players: "Float64" };
  "game/neighbours": { position: "UInt16"; game: "String"; game_id: "UInt32"; players: "UInt32" };
  "game/now": { game: "String"; players: "UInt32"; position: "UInt16"; peak: "UInt32" };
  "game/players": { time: "DateTime"; players: "Float64" };
  "game/players_week_before": { time: "DateTime"; week_before: "Float64" };
  "game/position": { time: "DateTime"; position: "UInt16" };
  "game/prices": { time: "DateTime"; price: "Decimal(10, 2)"; full_price: "Decimal(10, 2)" };
  "game/range": { most: "UInt32"; fewest: "UInt32"; average: "Float64"; best_position: "UInt16" };
  "game/sales": { time: "DateTime"; text: "String" };
  "game/store": {
    price: "Decimal(10, 2)";
    full_price: "Decimal(10, 2)";
    discount: "UInt8";
    reviews: "UInt8";
    currency: "LowCardinality(String)";
    genres: "String";
  };
  "guide/game_trend": { hour: "DateTime"; avg_players: "Float64"; max_players: "UInt32" };
  "guide/latest_ranking": {
    rank: "UInt16";
    game_name: "String";
    current_players: "UInt32";
    fetch_time: "DateTime";
  };
  "guide/players_and_prices": {
    game_name: "String";
    current_players: "UInt32";
    original_price: "Decimal(10, 2)";
    discount_percent: "UInt8";
    review_score: "UInt8";
  };
  "guide/update_frequency": { hour: "DateTime"; record_count: "UInt64"; unique_games: "UInt64" };
  "pipeline/audits": {
    topic: "LowCardinality(String)";
    checked_at: "DateTime";
    complete: "UInt8";
    stored: "UInt64";
    refused: "UInt64";
    without_row: "UInt64";
    waiting: "UInt64";
    delivered_again: "UInt64";
    gaps: "UInt64";
    found: "String";
  };
  "pipeline/bad_messages": {
    time: "DateTime";
    topic: "LowCardinality(String)";
    messages: "UInt64";
  };
  "pipeline/bad_messages_total": { messages: "UInt64" };
  "pipeline/brokers": {
    table: "String";
    address: "String";
    state: "String";
    slowest_answer: "Float64";
    connects: "Int64";
    errors: "Int64";
    timeouts: "Int64";
  };
  "pipeline/consumers": {
    table: "String";
    partitions: "String";
    messages: "UInt64";
    last_poll: "Nullable(DateTime)";
    last_commit: "Nullable(DateTime)";
    commits: "UInt64";
    reading: "UInt8";
  };
  "pipeline/days": { time: "DateTime"; rows: "UInt64" };
  "pipeline/details_age": { age: "Int64" };
  "pipeline/disk": { name: "String"; used: "Float64" };
  "pipeline/disk_free": { free: "UInt64" };
  "pipeline/errors": {
    last_error_time: "DateTime";
    name: "String";
    times: "UInt64";
    last_message: "String";
  };
  "pipeline/exceptions": { time: "DateTime"; table: "String"; text: "String" };
  "pipeline/games_per_poll": { time: "DateTime"; fewest: "UInt64" };
  "pipeline/lag": { partition: "String"; lag: "Int64" };
  "pipeline/lag_total": { lag: "Int64" };
  "pipeline/last_poll_age": { table: "String"; age: "Int64" };
  "pipeline/merges": {
    table: "String";
    work: "String";
    progress: "Float64";
    elapsed: "Float64";
    parts: "UInt64";
    rows: "UInt64";
    bytes: "UInt64";
  };
  "pipeline/missed_polls": { missed: "UInt64" };
  "pipeline/newest_age": { age: "Int64" };
  "pipeline/newest_bad_messages": {
    received_at: "DateTime";
    topic: "LowCardinality(String)";
    partition: "UInt64";
    offset: "UInt64";
    error: "String";
    message: "String";
  };
  "pipeline/offered": { source: "String"; shows: "String"; offered: "UInt8" };
  "pipeline/polls": { time: "DateTime"; arrived: "Float64" };
  "pipeline/produced_and_stored": {
    topic: "String";
    sent: "Int64";
    stored: "UInt64";
    unreadable: "UInt64";
    waiting: "Int64";
  };
  "pipeline/producer_dropped": { dropped: "Float64" };
  "pipeline/producer_errors": {
    time: "DateTime";
    kind: "LowCardinality(String)";
    errors: "Float64";
  };
  "pipeline/producer_latency": { time: "DateTime"; half: "Float64"; nearly_all: "Float64" };
  "pipeline/producer_polls": { time: "DateTime"; name: "String"; polls: "Float64" };
  "pipeline/producer_spool": { time: "DateTime"; waiting: "Float64" };
  "pipeline/producer_success": {
    what: "LowCardinality(String)";
    last_success: "DateTime";
    age: "Int64";
  };
  "pipeline/rows_per_second": { time: "DateTime"; name: "String"; rows_per_second: "Float64" };
  "pipeline/tables": {
    table: "String";
    rows: "UInt64";
    bytes: "UInt64";
    compression: "Float64";
    parts: "UInt64";
    most_parts: "UInt64";
  };
  "players/day_trend": { time: "DateTime"; game: "String"; players: "Float64" };
  "players/fallers": { game: "String"; lost: "Int64" };
  "players/games": { value: "UInt32"; text: "String" };
  "players/genres": { genre: "String"; players: "UInt64" };
  "players/highest": { game: "String"; players: "UInt32" };
  "players/peaks": { game: "String"; players: "UInt32"; at: "DateTime" };
  "players/prices": {
    game: "String";
    game_id: "UInt32";
    players: "UInt32";
    price: "Decimal(10, 2)";
    discount: "UInt8";
    currency: "String";
    reviews: "UInt8";
    genres: "String";
  };
  "players/ranking": {
    position: "UInt16";
    game: "String";
    game_id: "UInt32";
    players: "UInt32";
    change_hour: "Nullable(Int64)";
    change_day: "Nullable(Int64)";
    peak: "UInt32";
    of_peak: "Float64";
  };
  "players/risers": { game: "String"; gained: "Int64" };
  "players/top_ten_share": { time: "DateTime"; share: "Float64" };
  "players/total": { time: "DateTime"; players: "Float64" };
  "players/trend": { time: "DateTime"; game: "String"; players: "Float64" };
}
