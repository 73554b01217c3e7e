import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "../lib/command";
import { postComment, postIssue, pullRequestOf, repositoryOf } from "../lib/comment";
import { exitCodes, UserError } from "../lib/user-error";

export const command: Command = {
  summary:
    "puts a summary on the pull request of a GitHub workflow, in one comment, or into an issue",
  usage: "--file FILE [--pictures URL | --issue TITLE]",
  options: {
    file: { type: "string", value: "FILE", description: "what preview or status --out wrote" },
    pictures: {
      type: "string",
      value: "URL",
      description: "where the dashboards before and after the change are; no link where empty",
    },
    issue: {
      type: "string",
      value: "TITLE",
      description: "put it into the open issue of that title instead, or open one",
    },
  },
  passOn: false,
  async run(args) {
    const file = args.text("file");
    if (file === undefined) {
      throw new UserError("USAGE", "--file is needed", { fix: "write --file FILE" });
    }
    const body = readFileSync(resolve(process.env["INIT_CWD"] ?? "", file), "utf8");
    if (!/^<!-- .+ -->\n/.test(body)) {
      throw new UserError("USAGE", "the file is no summary: it has no mark", {
        where: file,
        fix: "write it with npm run preview -- --out FILE, or npm run status -- --out FILE",
      });
    }
    const title = args.text("issue");
    if (title !== undefined) {
      const { number, done } = await postIssue(repositoryOf(process.env), title, body);
      process.stdout.write(`issue ${number} ${done}\n`);
      return exitCodes.ok;
    }
    const pictures = args.text("pictures") ?? "";
    const link = pictures === "" ? "" : `\n[Dashboards before and after](${pictures})\n`;
    const pullRequest = pullRequestOf(process.env);
    const done = await postComment(pullRequest, body + link);
    process.stdout.write(`comment ${done} on pull request ${pullRequest.number}\n`);
    return exitCodes.ok;
  },
};
