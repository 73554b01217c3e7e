import versions from "./versions.json";

/** The official images, as `name:tag`. A stack's config may name others, with a digest. */
export const registryImages: Readonly<Record<"kafka" | "clickhouse" | "grafana" | "node", string>> =
  versions.registry;
