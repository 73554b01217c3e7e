export type ClickhouseEngine = "server" | "embedded";

interface Asked {
  clickhouseEngine?: string | undefined;
  imageSource?: string | undefined;
  clickhouseExternal?: string | undefined;
}

/** Which engine ClickHouse is: the one that config asks for, or else what the source of images brings. */
export function engineOf({
  clickhouseEngine,
  imageSource,
  clickhouseExternal,
}: Asked): ClickhouseEngine {
  if (clickhouseEngine) return clickhouseEngine === "embedded" ? "embedded" : "server";
  return imageSource === "local" && !clickhouseExternal ? "embedded" : "server";
}
