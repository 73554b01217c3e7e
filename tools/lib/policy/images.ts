import { knownText, type Finding, type Rule, type Subject } from "./rule";

const REMOTE_IMAGE = "docker:index/remoteImage:RemoteImage";
const CONTAINER = "docker:index/container:Container";
/** Images made here, tagged by their content. They come from no registry. */
const OWN = /^steamline\//;
const OWN_TAG = /[0-9a-f]{12}/;
const EXACT_VERSION = /(^|[^\d.])v?\d+\.\d+\.\d+/;
const DIGEST = /@sha256:[0-9a-f]{64}$/;
/** A container names its image by its id, which is pinned by nature. */
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

interface Named {
  subject: Subject;
  where: string;
  reference: string;
}

/** The image that was reviewed is the one that runs, on every machine and at every restart. */
export const pinnedImages: Rule = {
  name: "pinned-images",
  demands: "Images are named by an exact version or a digest.",
  level: "mandatory",
  productionOnly: false,
  check: (subjects) =>
    subjects.flatMap(references).flatMap((named) => {
      const what = unpinned(named.reference);
      if (what === undefined) return [];
      return [
        finding(
          named,
          `${named.reference} ${what}`,
          "name an exact version, or add @sha256:DIGEST",
        ),
      ];
    }),
};

/** A registry may move a tag, however exact it sounds. */
export const imageDigests: Rule = {
  name: "image-digests",
  demands: "Images from a registry have a digest.",
  level: "advisory",
  productionOnly: true,
  check: (subjects) =>
    subjects
      .flatMap(references)
      .filter(({ reference }) => !OWN.test(reference) && !DIGEST.test(reference))
      .map((named) =>
        finding(
          named,
          `${named.reference} has a tag only`,
          "add the digest that `docker buildx imagetools inspect IMAGE` prints",
        ),
      ),
};

function references(subject: Subject): Named[] {
  const at = (where: string, value: unknown): Named[] => {
    const reference = knownText(value);
    return reference === undefined || IMAGE_ID.test(reference)
      ? []
      : [{ subject, where, reference }];
  };
  if (subject.type === CONTAINER) return at("image", subject.inputs["image"]);
  if (subject.type !== REMOTE_IMAGE) return [];
  const build = subject.inputs["build"] as { buildArgs?: Record<string, unknown> } | undefined;
  return [
    ...at("name", subject.inputs["name"]),
    ...Object.entries(build?.buildArgs ?? {})
      .filter(([name]) => name.endsWith("_IMAGE"))
      .flatMap(([name, value]) => at(`build.buildArgs.${name}`, value)),
  ];
}

function unpinned(reference: string): string | undefined {
  if (DIGEST.test(reference)) return undefined;
  const tag = /:([\w][\w.-]*)$/.exec(reference)?.[1];
  if (tag === undefined) return "has no tag";
  if (tag === "latest") return "is whatever came last";
  const exact = EXACT_VERSION.test(tag) || (OWN.test(reference) && OWN_TAG.test(tag));
  return exact ? undefined : `may be another image tomorrow: ${tag} is no exact version`;
}

function finding({ subject, where }: Named, value: string, fix: string): Finding {
  return { subject, where, value, fix };
}
