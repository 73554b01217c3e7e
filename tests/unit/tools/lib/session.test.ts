import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { paths } from "../../../../tools/lib/paths";
import {
  chosenStack,
  openDockerSession,
  openFullSession,
  plainPath,
  pulumiVariables,
} from "../../../../tools/lib/session";

describe("chosenStack", () => {
  it("is the option's, else the variable's, else dev", () => {
    expect(chosenStack("pr-1", { PULUMI_STACK: "staging" })).toBe("pr-1");
    expect(chosenStack(undefined, { PULUMI_STACK: "staging" })).toBe("staging");
    expect(chosenStack(undefined, {})).toBe("dev");
  });

  it.each(["", "../dev", "a/b", "-s", ".hidden", "a b", "a".repeat(101)])(
    "is never %j, which would lead out of its directory",
    (name) => {
      expect(() => chosenStack(name, {})).toThrow(/cannot be the name of a stack/);
    },
  );
});

describe("plainPath", () => {
  it("leaves the checkout's own pulumi out, which would call itself", () => {
    expect(plainPath({ PATH: ["/usr/bin", paths.bin, "/bin"].join(delimiter) })).toBe(
      ["/usr/bin", "/bin"].join(delimiter),
    );
    expect(plainPath({})).toBe("");
  });
});

describe("pulumiVariables", () => {
  it("names the backend, and passes a passphrase of the environment over", () => {
    const backend = { url: "s3://bucket", directory: undefined };
    const variables = pulumiVariables({ PULUMI_CONFIG_PASSPHRASE: "x" }, backend);
    expect(variables).toMatchObject({ PULUMI_BACKEND_URL: "s3://bucket" });
    expect(JSON.stringify(variables)).not.toContain("PASSPHRASE");
  });
});

describe("a session on a machine without a way to Docker", () => {
  const cache = mkdtempSync(join(tmpdir(), "steamline-session-"));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  });

  it.each([openFullSession, openDockerSession])(
    "is refused before anything is built: %o",
    async (open) => {
      vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
      vi.stubEnv("STEAMLINE_CACHE", cache);
      const steps: string[] = [];
      const progress = {
        step: <T>(title: string, work: (say: () => void) => Promise<T>) => {
          steps.push(title);
          return work(() => undefined);
        },
        note: () => undefined,
      };
      await expect(open("dev", progress)).rejects.toMatchObject({ code: "DOCKER" });
      // What would go on beside the refusal has begun by then.
      await sleep(300);
      expect(steps).toEqual([]);
    },
  );
});
