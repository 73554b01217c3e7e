import { digest } from "./content";

/** Images built on this machine, each on top of another: see `chain`. */
export type ImageName = "debian" | "java" | "kafka-libs" | "kafka" | "node" | "chdb" | "clickhouse";

/** What each image is built upon. */
export const chain: Readonly<Record<ImageName, ImageName | undefined>> = {
  debian: undefined,
  java: "debian",
  "kafka-libs": "java",
  kafka: "kafka-libs",
  node: "debian",
  chdb: "node",
  clickhouse: "chdb",
};

/** What goes into an image, besides what it is built upon. */
export interface Content {
  /** What people know it by, such as the version of its program. */
  version: string;
  /** Digest of what it is made from. */
  digest: string;
}

/**
 * References as `steamline/kafka:4.1.2-<digest>`. A change of an image's content, or of any image below it,
 * gives it another.
 */
export function nameImages(
  contents: Readonly<Record<ImageName, Content>>,
): Record<ImageName, string> {
  const reference = (name: ImageName): string => {
    const below = chain[name];
    const { version, digest: own } = contents[name];
    const whole = digest(below === undefined ? "" : reference(below), version, own);
    return `steamline/${name}:${version}-${whole}`;
  };
  return Object.fromEntries(
    (Object.keys(chain) as ImageName[]).map((name) => [name, reference(name)]),
  ) as Record<ImageName, string>;
}
