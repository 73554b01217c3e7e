import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { isDebian } from "../../../../tools/setup/apt";
import { judgeImageTools } from "../../../../tools/setup/examine/images";
import { checkDockerDisk, checkMemory, judgeDisk } from "../../../../tools/setup/examine/machine";
import { probe } from "../../../../tools/setup/probe";
import { judgeSource } from "../../../../tools/setup/source";

describe("isDebian", () => {
  it.each([
    ["ID=debian\nVERSION_ID=12", true],
    ["NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian", true],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', true],
    ['ID="rhel"\nID_LIKE="fedora"', false],
    ["ID=alpine\nHOME_URL=debian", false],
  ])("%j", (text, expected) => expect(isDebian(text)).toBe(expected));
});

describe("judgeSource", () => {
  it.each([
    [{ status: 200, body: '{"response":{"ranks":[]}}' }, "steam"],
    [{ status: 429, body: "" }, "steam"],
    [{ status: 200, body: "<html>log in to the network</html>" }, "simulated"],
    [{ status: 200, body: "null" }, "simulated"],
    [{ status: 403, body: "" }, "simulated"],
    [{ status: undefined, reason: "getaddrinfo ENOTFOUND" }, "simulated"],
  ])("%j", (answer, expected) => {
    const judged = judgeSource(answer);
    expect(judged.source).toBe(expected);
    expect(judged.reason).toMatch(/Steam/);
  });
});

describe("probe", () => {
  it("tells an answer, a refusal and silence apart", async () => {
    const server = createServer((request, response) => {
      if (request.url === "/answer") response.writeHead(418).end("tea");
    }).listen(0, "127.0.0.1");
    await new Promise((ready) => server.once("listening", ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await probe(`${url}/answer`, 1000)).toEqual({ status: 418, body: "tea" });
    expect(await probe(`${url}/silence`, 100)).toMatchObject({ reason: "no answer within 0.1 s" });
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    const refused = await probe(url, 1000);
    expect(refused).toMatchObject({ reason: expect.stringContaining("ECONNREFUSED") as string });
  });
});

describe("checks of the machine", () => {
  const GIB = 1024 ** 3;

  it("compare memory and disk with what is needed", () => {
    expect(checkMemory(16 * GIB).ok).toBe(true);
    expect(checkMemory(GIB)).toMatchObject({ ok: false, fix: expect.any(String) as string });
    expect(judgeDisk("disk", "/x", 20 * GIB, 10).ok).toBe(true);
    expect(judgeDisk("disk", "/x", 2 * GIB, 10).detail).toContain("2.0 GiB free in /x");
    expect(judgeDisk("disk", "/x", 2 * GIB, 10).ok).toBe(false);
  });

  it("look where the engine has its data, and not at all where that is another machine's", () => {
    expect(checkDockerDisk("/").map(({ detail }) => detail)).toEqual(
      process.platform === "linux" ? [expect.stringContaining("free in /,")] : [],
    );
    expect(checkDockerDisk(undefined)).toEqual([]);
  });

  it.each<[string, string[], boolean, string | undefined, boolean]>([
    ["all there", [], false, "local", true],
    ["installable", ["mvn"], true, "local", true],
    ["not needed", ["mvn"], false, "registry", true],
    ["perhaps needed", ["mvn"], false, undefined, true],
    ["needed, and not to be had", ["mvn"], false, "local", false],
  ])("tools for images: %s", (_name, missing, installable, chosen, expected) => {
    expect(judgeImageTools(missing, installable, chosen).ok).toBe(expected);
  });
});
