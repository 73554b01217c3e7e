-- One table over every shard of a cluster. The embedded engine's cluster is itself.
CREATE TABLE steam_top_games_distributed AS steam_top_games
ENGINE = Distributed(cluster_name, default, steam_top_games, rand());
