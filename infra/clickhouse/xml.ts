/** What a ClickHouse config file holds: a value, or elements by name. A list repeats its element. */
export type Xml = string | number | boolean | XmlElements;
export interface XmlElements {
  readonly [name: string]: Xml | readonly Xml[] | undefined;
}

const NAME = /^[A-Za-z_][\w-]*$/;

/**
 * A ClickHouse config file. Elements that are undefined are left out.
 * @throws Error for a name that no element can have
 */
export function configXml(elements: XmlElements): string {
  return `<clickhouse>\n${inner(elements, "  ")}</clickhouse>\n`;
}

function inner(elements: XmlElements, indent: string): string {
  return Object.entries(elements)
    .flatMap(([name, content]) =>
      (isList(content) ? content : [content]).map((one) => element(name, one, indent)),
    )
    .join("");
}

function element(name: string, content: Xml | undefined, indent: string): string {
  if (content === undefined) return "";
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name of an XML element`);
  const text =
    typeof content === "object"
      ? `\n${inner(content, `${indent}  `)}${indent}`
      : escaped(String(content));
  return `${indent}<${name}>${text}</${name}>\n`;
}

function isList(content: Xml | readonly Xml[] | undefined): content is readonly Xml[] {
  return Array.isArray(content);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
