-- Games of a genre, by the length of their list of genres.
SELECT
    game_name,
    has(genres, 'Action') AS is_action,
    length(genres) AS genre_count
FROM steam_game_details
WHERE has(genres, 'Action')
ORDER BY genre_count DESC, game_name;
