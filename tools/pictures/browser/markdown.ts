import { element } from "./dom";

/** Headings and paragraphs, which is all that the notes use. */
export function markdown(text: string): HTMLElement[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const heading = /^#+ (.*)$/.exec(line)?.[1];
      return heading === undefined ? element("p", "note", line) : element("h3", "note", heading);
    });
}
