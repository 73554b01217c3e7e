import { describe, expect, it } from "vitest";
import {
  findRelease,
  parseList,
  parseSources,
  suiteOf,
} from "../../../../../tools/setup/images/apt-sources";

const debian = 'ID=debian\nVERSION_CODENAME=trixie\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n';
const ubuntu = "ID=ubuntu\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\n";

const paragraphs = `# The machine's mirror
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: trixie trixie-updates trixie-backports
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/security
Suites: trixie-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
Enabled: no
URIs: http://mirror.example/off
Suites: trixie
Components: main
`;

describe("apt's configuration", () => {
  it("is read in paragraphs, without what is switched off", () => {
    expect(parseSources(paragraphs)).toEqual([
      {
        uris: ["http://mirror.example/debian"],
        suites: ["trixie", "trixie-updates", "trixie-backports"],
        components: ["main", "contrib"],
        signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
        trusted: false,
      },
      {
        uris: ["http://mirror.example/security"],
        suites: ["trixie-security"],
        components: ["main"],
        trusted: false,
      },
    ]);
  });

  it("is read in lines, with their options", () => {
    const text = `# deb http://mirror.example/old noble main
deb [arch=amd64 signed-by=/k.gpg trusted=yes] http://mirror.example/ubuntu noble main universe # ours
deb-src http://mirror.example/ubuntu noble main
`;
    expect(parseList(text)).toEqual([
      {
        uris: ["http://mirror.example/ubuntu"],
        suites: ["noble"],
        components: ["main", "universe"],
        signedBy: "/k.gpg",
        trusted: true,
      },
    ]);
  });
});

describe("the release to build upon", () => {
  it("is the wanted one on Debian, from the machine's own mirror, with its updates", () => {
    expect(findRelease(parseSources(paragraphs), debian, "bookworm")).toEqual({
      suite: "bookworm",
      mirror: "http://mirror.example/debian",
      components: ["main"],
      check: ["--keyring=/usr/share/keyrings/debian-archive-keyring.gpg"],
      sources: `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian bookworm-updates main
deb http://mirror.example/security bookworm-security main
`,
    });
  });

  it("is the machine's own on Ubuntu, with universe, where Java is", () => {
    const entries = parseList("deb http://mirror.example/ubuntu noble main restricted\n");
    expect(suiteOf(ubuntu, "bookworm")).toBe("noble");
    expect(findRelease(entries, ubuntu, "bookworm")).toMatchObject({
      suite: "noble",
      components: ["main", "universe"],
      check: [],
      sources: "deb http://mirror.example/ubuntu noble main universe\n",
    });
  });

  it("is not to be had from mirrors of other programs", () => {
    const entries = parseList("deb http://mirror.example/node nodistro main\n");
    expect(findRelease(entries, debian, "bookworm")).toBeUndefined();
  });

  it("is not checked where the machine's own entry says so", () => {
    const entries = parseList("deb [trusted=yes] file:/srv/mirror trixie main\n");
    expect(findRelease(entries, debian, "bookworm")?.check).toEqual(["--no-check-gpg"]);
  });
});
