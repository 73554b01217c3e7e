-- One row for each genre of a list.
SELECT arrayJoin(['Action', 'RPG', 'Strategy']) AS genre;
