import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "./user-error";

/** A repository, and the right to write to it. */
export interface Repository {
  /** Of the GitHub API, without a slash at its end. */
  apiUrl: string;
  /** As `owner/name`. */
  repository: string;
  token: string;
}

/** A pull request, and the right to comment on it. */
export interface PullRequest extends Repository {
  number: number;
}

const TIMEOUT_MS = 20_000;
/** Most that GitHub lists at once. */
const PER_PAGE = 100;
const comments = z.array(
  z.object({
    id: z.number(),
    body: z.string().nullish(),
    user: z.object({ type: z.string() }).nullish(),
  }),
);
const issue = z.object({
  number: z.number(),
  title: z.string(),
  user: z.object({ type: z.string() }).nullish(),
});
const issues = z.array(issue);
const event = z.object({ pull_request: z.object({ number: z.number() }) });

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const set = env[name];
  if (set) return set;
  throw new UserError("USAGE", `${name} is not set`, {
    fix: "this command is for GitHub workflows, in a step with GITHUB_TOKEN in its env",
  });
};

/** The repository that a GitHub workflow runs in. @throws UserError (USAGE) naming what is not set. */
export function repositoryOf(env: NodeJS.ProcessEnv): Repository {
  return {
    apiUrl: required(env, "GITHUB_API_URL"),
    repository: required(env, "GITHUB_REPOSITORY"),
    token: required(env, "GITHUB_TOKEN"),
  };
}

/**
 * The pull request that a GitHub workflow runs for, by the variables of its runner.
 * @throws UserError (USAGE) naming what is not set.
 */
export function pullRequestOf(env: NodeJS.ProcessEnv): PullRequest {
  const file = required(env, "GITHUB_EVENT_PATH");
  const parsed = event.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.success) {
    throw new UserError("USAGE", "the workflow was not started by a pull request", { where: file });
  }
  return { ...repositoryOf(env), number: parsed.data.pull_request.number };
}

/**
 * Puts `body` into the open issue of that title which a workflow opened, or into a new one.
 * @returns its number, and whether it was there
 * @throws UserError (UNREACHABLE) with GitHub's words where it refuses.
 */
export async function postIssue(
  repository: Repository,
  title: string,
  body: string,
): Promise<{ number: number; done: "made" | "updated" }> {
  const path = `/repos/${repository.repository}/issues`;
  for (let page = 1; ; page++) {
    const listed = issues.parse(
      await call(repository, "GET", `${path}?state=open&per_page=${PER_PAGE}&page=${page}`),
    );
    const own = listed.find((issue) => issue.title === title && issue.user?.type === "Bot");
    if (own) {
      await call(repository, "PATCH", `${path}/${own.number}`, { body });
      return { number: own.number, done: "updated" };
    }
    if (listed.length < PER_PAGE) break;
  }
  const made = issue.parse(await call(repository, "POST", path, { title, body }));
  return { number: made.number, done: "made" };
}

/**
 * Puts `body` on the pull request: into the workflow's earlier comment with the same first line, if
 * there is one, else into a new one.
 * @throws UserError (UNREACHABLE) with GitHub's words where it refuses.
 */
export async function postComment(
  pullRequest: PullRequest,
  body: string,
): Promise<"made" | "updated"> {
  const mark = body.split("\n")[0] ?? "";
  const base = `/repos/${pullRequest.repository}/issues`;
  const earlier = await findComment(pullRequest, `${base}/${pullRequest.number}/comments`, mark);
  if (earlier === undefined) {
    await call(pullRequest, "POST", `${base}/${pullRequest.number}/comments`, { body });
    return "made";
  }
  await call(pullRequest, "PATCH", `${base}/comments/${earlier}`, { body });
  return "updated";
}

async function findComment(
  pullRequest: PullRequest,
  path: string,
  mark: string,
): Promise<number | undefined> {
  for (let page = 1; ; page++) {
    const answer = await call(pullRequest, "GET", `${path}?per_page=${PER_PAGE}&page=${page}`);
    const listed = comments.parse(answer);
    // A person who quotes the comment keeps their own.
    const own = listed.find(({ body, user }) => body?.startsWith(mark) && user?.type === "Bot");
    if (own) return own.id;
    if (listed.length < PER_PAGE) return undefined;
  }
}

async function call(
  { apiUrl, token }: Repository,
  method: string,
  path: string,
  payload?: object,
): Promise<unknown> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      Accept: "application/vnd.github+json",
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      "User-Agent": "steamline",
      "X-GitHub-Api-Version": "2022-11-28",
    },
    body: payload === undefined ? null : JSON.stringify(payload),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw new UserError("UNREACHABLE", `GitHub refused with HTTP ${response.status}: ${text}`, {
    where: `${method} ${path}`,
    fix: "check that the job has the permission pull-requests: write, or issues: write for an issue",
  });
}
