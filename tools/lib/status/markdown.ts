import { placesOf } from "../places";
import type { Outputs } from "../outputs";
import type { Status } from "./evaluate";

/** A stack's state and places as a pull-request comment, marked so that a later one takes its place. */
export function statusMarkdown(status: Status, outputs: Outputs): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return [
    stackMark(status.stack),
    `### Stack \`${status.stack}\` is up, ${status.healthy ? "all hops healthy" : "not all hops healthy"}`,
    "",
    "| Part | Where, on the machine that runs it |",
    "| --- | --- |",
    ...placesOf(outputs).map(([name, place]) => `| ${name} | ${cell(place)} |`),
    "",
    "| Hop | |",
    "| --- | --- |",
    ...status.hops.map(
      ({ name, healthy, detail }) =>
        `| ${healthy ? "" : "**not healthy** "}${cell(name)} | ${cell(detail)} |`,
    ),
    "",
  ].join("\n");
}

/** First line of the comment that tells of a stack. */
export const stackMark = (stack: string) => `<!-- steamline stack ${stack} -->`;
