-- What all polls of all games come to.
SELECT
    avg(current_players) AS average,
    sum(current_players) AS total,
    max(current_players) AS most,
    min(current_players) AS least,
    count() AS records,
    argMax(game_name, current_players) AS most_played,
    uniq(game_id) AS games
FROM steam_top_games;
