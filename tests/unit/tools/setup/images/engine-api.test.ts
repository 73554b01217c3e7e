import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageStore, type ImageStore } from "../../../../../tools/setup/images/engine-api";

describe("the engine's images", () => {
  const directory = mkdtempSync(join(tmpdir(), "engine-"));
  const socket = join(directory, "docker.sock");
  const asked: string[] = [];
  let server: Server;
  let store: ImageStore;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = decodeURIComponent(request.url ?? "");
      asked.push(url);
      if (url.startsWith("/images/json")) {
        response.end(JSON.stringify([{ RepoTags: ["a:1", "other:2"] }, { RepoTags: null }]));
      } else if (url === "/distribution/apache/kafka:4/json") {
        response.end("{}");
      } else {
        response.writeHead(500).end(JSON.stringify({ message: "no such host" }));
      }
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    store = imageStore(`unix://${socket}`, {});
  });
  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  it("are asked for all at once", async () => {
    expect(await store.present(["a:1", "b:1"])).toEqual(new Set(["a:1"]));
    expect(asked).toEqual(['/images/json?filters={"reference":["a:1","b:1"]}']);
  });

  it("can be looked up in their registry, or the engine says why not", async () => {
    expect(await store.lookUp("apache/kafka:4")).toBeUndefined();
    expect(await store.lookUp("absent:1")).toBe("no such host");
  });

  it("cannot be looked up by an engine that is not there", async () => {
    const absent = imageStore(`unix://${join(directory, "none.sock")}`, {});
    expect(await absent.lookUp("a:1")).toContain("ENOENT");
  });
});
