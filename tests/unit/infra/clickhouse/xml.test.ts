import { describe, expect, it } from "vitest";
import { configXml } from "../../../../infra/clickhouse/xml";

describe("a config file", () => {
  it("nests elements, repeats those of a list, and leaves out what is undefined", () => {
    expect(configXml({ a: { b: 1, c: [{ d: true }, { d: "x" }] }, none: undefined })).toBe(
      [
        "<clickhouse>",
        "  <a>",
        "    <b>1</b>",
        "    <c>",
        "      <d>true</d>",
        "    </c>",
        "    <c>",
        "      <d>x</d>",
        "    </c>",
        "  </a>",
        "</clickhouse>",
        "",
      ].join("\n"),
    );
  });

  it("lets no value end its element", () => {
    expect(configXml({ secret: "a</secret>&<b>" })).toContain(
      "<secret>a&lt;/secret&gt;&amp;&lt;b&gt;</secret>",
    );
  });

  it.each(["1a", "a b", "a>", ""])("takes %j for no name", (name) => {
    expect(() => configXml({ [name]: 1 })).toThrow(/is no name of an XML element/);
  });
});
