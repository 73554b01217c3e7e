/** Where Steam's Web API is. */
export const STEAM_API_URL = "https://api.steampowered.com";
/** Where the store's API is, which knows games' names. */
export const STEAM_STORE_URL = "https://store.steampowered.com";
