import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import {
  harvest,
  mergeConfig,
  parseStackFile,
  renderStackFile,
  type StackFile,
} from "../../../../tools/lib/merged-config";
import type { Settings } from "../../../../tools/lib/settings";
import { projectName } from "../../../../tools/lib/paths";

const own = projectName();

const nothing: Settings = { found: {}, secrets: {} };
const secret = { secure: "v1:abc:def" };

describe("parseStackFile", () => {
  it("takes an absent or empty file for one without config", () => {
    for (const text of [undefined, "", "# only a comment\n", "config:\n"]) {
      expect(parseStackFile(text, "f").config).toEqual({});
    }
  });

  it.each([
    ["a list", "- a\n"],
    ["a word", "partitions\n"],
    ["config that is no map", "config: 3\n"],
    ["no YAML", "config: [1, 2\n"],
  ])("names the file that holds %s", (_what, text) => {
    expect(() => parseStackFile(text, "Pulumi.dev.yaml")).toThrow(
      expect.objectContaining({
        code: "CONFIG",
        more: expect.objectContaining({ where: "Pulumi.dev.yaml" }) as unknown,
      }) as Error,
    );
  });
});

describe("mergeConfig", () => {
  const settings: Settings = {
    found: { imageSource: "local", source: "simulated" },
    encryptionsalt: "found-salt",
    secrets: { [`${own}:steamApiKey`]: secret },
  };

  it("lets what people chose win over what the machine found out", () => {
    const merged = mergeConfig({ config: { [`${own}:source`]: "steam" } }, settings);
    expect(merged).toEqual({
      encryptionsalt: "found-salt",
      config: {
        [`${own}:imageSource`]: "local",
        [`${own}:source`]: "steam",
        [`${own}:steamApiKey`]: secret,
      },
    });
  });

  it("leaves secrets of another salt out", () => {
    const merged = mergeConfig({ encryptionsalt: "team-salt", config: {} }, settings);
    expect(merged.encryptionsalt).toBe("team-salt");
    expect(merged.config).not.toHaveProperty(`${own}:steamApiKey`);
  });

  it("leaves what was found out of the file that is edited", () => {
    expect(Object.keys(mergeConfig({ config: {} }, settings, false).config)).toEqual([
      `${own}:steamApiKey`,
    ]);
  });

  it("passes Pulumi's other keys through, and can be read back", () => {
    const tracked: StackFile = { secretsprovider: "awskms://alias/x", config: { "a:b": 3 } };
    const merged = mergeConfig(tracked, nothing);
    expect(parseStackFile(renderStackFile(merged), "f")).toEqual(tracked);
  });
});

describe("harvest", () => {
  const tracked = [
    "# Settings of the team.",
    "config:",
    `  ${own}:partitions: 3 # one for each disk`,
    `  ${own}:ttlDays: 90`,
    "",
  ].join("\n");
  const before = mergeConfig(parseStackFile(tracked, "f"), nothing);
  const changed = (config: Record<string, unknown>, more: Partial<StackFile> = {}): StackFile => ({
    ...before,
    ...more,
    config: { ...before.config, ...config },
  });

  it("leaves the tracked file as it is where nothing changed, or only a number became text", () => {
    const after = changed({ [`${own}:partitions`]: "3" });
    expect(harvest(before, after, tracked, nothing)).toEqual({
      tracked: undefined,
      settings: nothing,
    });
  });

  it("takes a changed value to the tracked file, comments kept", () => {
    const { tracked: text } = harvest(
      before,
      changed({ [`${own}:ttlDays`]: "30" }),
      tracked,
      nothing,
    );
    expect(text).toBe(tracked.replace(`${own}:ttlDays: 90`, `${own}:ttlDays: "30"`));
  });

  it("leaves a key as short as it is written, changes it there, and takes it out there", () => {
    const short = tracked.replaceAll(`${own}:`, "") + "  other:key: 1\n";
    const read = mergeConfig(parseStackFile(short, "f"), nothing);
    expect(read.config).toEqual({ ...before.config, "other:key": 1 });
    const one = { ...read, config: { ...read.config, [`${own}:ttlDays`]: "30" } };
    expect(harvest(read, one, short, nothing).tracked).toBe(
      short.replace("ttlDays: 90", 'ttlDays: "30"'),
    );
    const none = harvest(read, { config: { "other:key": 1 } }, short, nothing).tracked;
    expect(parse(none ?? "")).toEqual({ config: { "other:key": 1 } });
  });

  it("takes a key out that was removed", () => {
    const after = { ...before, config: { [`${own}:partitions`]: 3 } };
    const { tracked: text } = harvest(before, after, tracked, nothing);
    expect(text).not.toContain("ttlDays");
    expect(text).toContain("# one for each disk");
  });

  it.each([undefined, "", "# only a comment\n", "config:\n", "config: {}\n"])(
    "begins a file that has no config yet: %j",
    (text) => {
      const empty = { config: {} };
      const after = { config: { [`${own}:ttlDays`]: "30" } };
      const kept = harvest(empty, after, text, nothing).tracked;
      expect(parse(kept ?? "")).toEqual({ config: { ttlDays: "30" } });
      expect(kept).toContain("config:\n  ttlDays:");
      const asSecret = { config: { [`${own}:steamApiKey`]: secret } };
      expect(harvest(empty, asSecret, text, nothing)).toEqual({
        tracked: undefined,
        settings: { found: {}, secrets: asSecret.config },
      });
    },
  );

  it("keeps a secret and the salt with the machine, out of the tracked file", () => {
    const after = changed({ [`${own}:steamApiKey`]: secret }, { encryptionsalt: "salt" });
    expect(harvest(before, after, tracked, nothing)).toEqual({
      tracked: undefined,
      settings: {
        found: {},
        encryptionsalt: "salt",
        secrets: { [`${own}:steamApiKey`]: secret },
      },
    });
  });

  it("takes a value out of the tracked file that becomes secret", () => {
    const { tracked: text, settings } = harvest(
      before,
      changed({ [`${own}:ttlDays`]: secret }),
      tracked,
      nothing,
    );
    expect(text).not.toContain("ttlDays");
    expect(settings.secrets).toEqual({ [`${own}:ttlDays`]: secret });
  });

  it("forgets a secret that is removed, or set in clear", () => {
    const known = { ...nothing, secrets: { [`${own}:steamApiKey`]: secret } };
    const with_ = changed({ [`${own}:steamApiKey`]: secret });
    expect(harvest(with_, before, tracked, known).settings.secrets).toEqual({});
    const clear = harvest(with_, changed({ [`${own}:steamApiKey`]: "x" }), tracked, known);
    expect(clear.settings.secrets).toEqual({});
    expect(clear.tracked).toContain("  steamApiKey: x");
  });

  it("leaves secrets in a tracked file with a salt of its own", () => {
    const salted = `encryptionsalt: team\n${tracked}`;
    const after = changed({ [`${own}:steamApiKey`]: secret }, { encryptionsalt: "team" });
    const kept = harvest(before, after, salted, nothing);
    expect(kept.settings).toEqual(nothing);
    expect(parseStackFile(kept.tracked, "f").config[`${own}:steamApiKey`]).toEqual(secret);
  });
});
