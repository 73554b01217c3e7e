/** One `deb` entry of apt's configuration. */
export interface AptEntry {
  uris: string[];
  suites: string[];
  components: string[];
  /** Path of the keyring it is checked with. */
  signedBy?: string;
  trusted: boolean;
}

/** A release that can be installed into a directory, by way of the machine's own mirror. */
export interface Release {
  suite: string;
  mirror: string;
  components: string[];
  /** Options for debootstrap about how the mirror is checked. */
  check: string[];
  /** Text of a sources.list: the release, its updates and its security updates. */
  sources: string;
}

/** Entries of a file in apt's one-line form (`.list`). */
export function parseList(text: string): AptEntry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!match) return [];
    const [, options = "", uri = "", suite = "", components = ""] = match;
    const option = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S+)`).exec(options)?.[1];
    return [
      {
        uris: [uri],
        suites: [suite],
        components: words(components),
        ...keyring(option("signed-by")),
        trusted: option("trusted") === "yes",
      },
    ];
  });
}

/** Entries of a file in apt's paragraph form (`.sources`). */
export function parseSources(text: string): AptEntry[] {
  const plain = text.replace(/^#.*\n?/gm, "");
  return plain.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string) =>
      new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t]+.*)*)`, "im").exec(paragraph)?.[1];
    if (!words(field("Types")).includes("deb") || /^no$/i.test(field("Enabled")?.trim() ?? "yes"))
      return [];
    return [
      {
        uris: words(field("URIs")),
        suites: words(field("Suites")),
        components: words(field("Components")),
        ...keyring(field("Signed-By")?.trim()),
        trusted: /^yes$/i.test(field("Trusted")?.trim() ?? ""),
      },
    ];
  });
}

/**
 * Name of the release to build upon. On Debian that is `wanted`, whichever release the machine itself runs,
 * since a mirror has them all. On Ubuntu it is the machine's own.
 */
export function suiteOf(osRelease: string, wanted: string): string {
  return osReleaseField(osRelease, "UBUNTU_CODENAME") ?? wanted;
}

/**
 * The release that `suiteOf` names, by way of the mirror that the machine itself uses.
 * @returns undefined where apt knows no mirror of it.
 */
export function findRelease(
  entries: readonly AptEntry[],
  osRelease: string,
  wanted: string,
): Release | undefined {
  const ubuntu = osReleaseField(osRelease, "UBUNTU_CODENAME");
  const own = ubuntu ?? osReleaseField(osRelease, "VERSION_CODENAME");
  const suite = suiteOf(osRelease, wanted);
  const components = ubuntu === undefined ? ["main"] : ["main", "universe"];
  const known = new Set([own, suite, ...(ubuntu === undefined ? ["stable", "oldstable"] : [])]);

  const lines: string[] = [];
  let base: { mirror: string; entry: AptEntry } | undefined;
  for (const entry of entries) {
    const mirror = entry.uris.find((uri) => /^(https?|file|copy):/.test(uri));
    if (mirror === undefined || !entry.components.includes("main")) continue;
    for (const found of entry.suites) {
      const [, name = "", pocket = ""] = /^(.*?)(-updates|-security)?$/.exec(found) ?? [];
      if (!known.has(name)) continue;
      if (pocket === "") base ??= { mirror, entry };
      lines.push(`deb ${options(entry)}${mirror} ${suite}${pocket} ${components.join(" ")}`);
    }
  }
  if (base === undefined) return undefined;
  const { signedBy, trusted } = base.entry;
  const check = trusted ? ["--no-check-gpg"] : signedBy ? [`--keyring=${signedBy}`] : [];
  const sources = [...new Set(lines)].map((line) => `${line}\n`).join("");
  return { suite, mirror: base.mirror, components, check, sources };
}

function options(entry: AptEntry): string {
  const given = [
    ...(entry.signedBy ? [`signed-by=${entry.signedBy}`] : []),
    ...(entry.trusted ? ["trusted=yes"] : []),
  ];
  return given.length > 0 ? `[${given.join(" ")}] ` : "";
}

/** Keys written out in the entry itself are left to apt's own keyring. */
function keyring(value: string | undefined): { signedBy?: string } {
  return value?.startsWith("/") ? { signedBy: value } : {};
}

function osReleaseField(osRelease: string, name: string): string | undefined {
  return new RegExp(`^${name}="?([\\w.-]+)"?$`, "m").exec(osRelease)?.[1];
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}
