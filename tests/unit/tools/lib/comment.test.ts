import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  postComment,
  postIssue,
  pullRequestOf,
  type PullRequest,
} from "../../../../tools/lib/comment";
import { FakeGitHub } from "./github";

const mark = "<!-- steamline preview of dev -->";
let github: FakeGitHub;
let pullRequest: PullRequest;
beforeEach(async () => {
  github = await new FakeGitHub("t0ken").start();
  pullRequest = { apiUrl: github.url, repository: "acme/pipeline", number: 7, token: "t0ken" };
});
afterEach(() => github.stop());
const bodies = () => github.comments.map(({ body }) => body);

describe("postComment", () => {
  it("makes a comment, and from then on puts later words into it", async () => {
    github.add("looks good", "User");
    expect(await postComment(pullRequest, `${mark}\nfirst`)).toBe("made");
    expect(await postComment(pullRequest, `${mark}\nsecond`)).toBe("updated");
    expect(bodies()).toEqual(["looks good", `${mark}\nsecond`]);
  });

  it("finds its comment behind a hundred others", async () => {
    for (let i = 0; i < 100; i++) github.add(`comment ${i}`, "User");
    const own = github.add(`${mark}\nfirst`);
    expect(await postComment(pullRequest, `${mark}\nsecond`)).toBe("updated");
    expect(own.body).toBe(`${mark}\nsecond`);
    expect(github.comments).toHaveLength(101);
  });

  it("leaves a person's comment and that of another stack alone", async () => {
    github.add(`${mark}\nquoted`, "User");
    github.add("<!-- steamline preview of staging -->\nother");
    expect(await postComment(pullRequest, `${mark}\nfirst`)).toBe("made");
    expect(bodies().slice(0, 2)).toEqual([
      `${mark}\nquoted`,
      "<!-- steamline preview of staging -->\nother",
    ]);
  });

  it("tells in GitHub's words why it may not, without the token", async () => {
    const refused = postComment({ ...pullRequest, token: "wr0ng" }, `${mark}\nx`);
    await expect(refused).rejects.toThrow(/HTTP 403: .*Resource not accessible by integration/);
    await expect(refused).rejects.not.toThrow(/wr0ng/);
  });
});

describe("postIssue", () => {
  it("opens one issue of a title, and from then on puts later words into it", async () => {
    const title = "The stack prod has drifted";
    github.issues.push({ number: 1, title, body: "a person's", user: { type: "User" } });
    expect(await postIssue(pullRequest, title, "first")).toEqual({ number: 51, done: "made" });
    expect(await postIssue(pullRequest, title, "second")).toEqual({ number: 51, done: "updated" });
    expect(github.issues.map(({ body }) => body)).toEqual(["a person's", "second"]);
  });
});

describe("pullRequestOf", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "steamline-event-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const runner = (event: object) => {
    writeFileSync(join(dir, "event.json"), JSON.stringify(event));
    return {
      GITHUB_EVENT_PATH: join(dir, "event.json"),
      GITHUB_API_URL: "http://api",
      GITHUB_REPOSITORY: "acme/pipeline",
      GITHUB_TOKEN: "t0ken",
    };
  };

  it("reads what a runner sets", () => {
    expect(pullRequestOf(runner({ pull_request: { number: 7 } }))).toEqual({
      apiUrl: "http://api",
      repository: "acme/pipeline",
      number: 7,
      token: "t0ken",
    });
  });

  it("names what is missing", () => {
    const env = runner({ pull_request: { number: 7 } });
    expect(() => pullRequestOf({ ...env, GITHUB_TOKEN: "" })).toThrow("GITHUB_TOKEN is not set");
    expect(() => pullRequestOf({})).toThrow("GITHUB_EVENT_PATH is not set");
    expect(() => pullRequestOf(runner({ ref: "main" }))).toThrow(/not started by a pull request/);
  });
});
