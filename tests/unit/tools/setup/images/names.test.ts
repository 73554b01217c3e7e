import { describe, expect, it } from "vitest";
import {
  chain,
  nameImages,
  type Content,
  type ImageName,
} from "../../../../../tools/setup/images/names";

const contents = Object.fromEntries(
  Object.keys(chain).map((name) => [name, { version: "1.2", digest: "d" }]),
) as Record<ImageName, Content>;

function changedBy(name: ImageName, content: Partial<Content>): string[] {
  const before = nameImages(contents);
  const after = nameImages({ ...contents, [name]: { ...contents[name], ...content } });
  return (Object.keys(chain) as ImageName[]).filter((image) => before[image] !== after[image]);
}

describe("the names of images built here", () => {
  it("hold the version and a digest, and stay as long as the content does", () => {
    expect(nameImages(contents).kafka).toMatch(/^steamline\/kafka:1\.2-[0-9a-f]{12}$/);
    expect(nameImages(contents)).toEqual(nameImages({ ...contents }));
  });

  it("change with their content, and with that of any image below", () => {
    expect(changedBy("clickhouse", { digest: "e" })).toEqual(["clickhouse"]);
    expect(changedBy("kafka-libs", { version: "1.3" })).toEqual(["kafka-libs", "kafka"]);
    expect(changedBy("node", { digest: "e" })).toEqual(["node", "chdb", "clickhouse"]);
    expect(changedBy("debian", { digest: "e" })).toEqual(Object.keys(chain));
  });

  it("do not mistake one image for another of the same content", () => {
    const tags = Object.values(nameImages(contents)).map((reference) => reference.split(":")[0]);
    expect(new Set(tags).size).toBe(Object.keys(chain).length);
  });
});
