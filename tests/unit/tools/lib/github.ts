import { createServer, type Server } from "node:http";
import { once } from "node:events";

interface StoredComment {
  id: number;
  body: string;
  user: { type: string; login: string };
}

interface StoredIssue {
  number: number;
  title: string;
  body: string;
  user: { type: string };
}

/** As much of the GitHub API as comments on one pull request, and issues, need, on a loopback port. */
export class FakeGitHub {
  readonly comments: StoredComment[] = [];
  readonly issues: StoredIssue[] = [];
  readonly requests: string[] = [];
  private server: Server | undefined;
  url = "";

  constructor(
    private readonly token: string,
    private readonly issue = "/repos/acme/pipeline/issues",
    private readonly number = 7,
  ) {}

  add(body: string, type = "Bot"): StoredComment {
    const comment = { id: 1000 + this.comments.length, body, user: { type, login: type } };
    this.comments.push(comment);
    return comment;
  }

  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        this.requests.push(`${request.method} ${request.url}`);
        const [status, answer] =
          request.headers.authorization === `Bearer ${this.token}`
            ? this.answer(
                request.method ?? "",
                new URL(request.url ?? "", "http://localhost"),
                text,
              )
            : [403, { message: "Resource not accessible by integration" }];
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(JSON.stringify(answer));
      });
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.url = `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
    return this;
  }

  stop(): void {
    this.server?.close();
  }

  private answer(method: string, url: URL, text: string): [number, unknown] {
    const list = `${this.issue}/${this.number}/comments`;
    if (method === "GET" && url.pathname === list) {
      const size = Number(url.searchParams.get("per_page"));
      const first = (Number(url.searchParams.get("page")) - 1) * size;
      return [200, this.comments.slice(first, first + size)];
    }
    const { title = "", body = "" } =
      text === "" ? {} : (JSON.parse(text) as { title?: string; body?: string });
    if (method === "GET" && url.pathname === this.issue) return [200, this.issues];
    if (method === "POST" && url.pathname === this.issue) {
      const issue = { number: 50 + this.issues.length, title, body, user: { type: "Bot" } };
      this.issues.push(issue);
      return [201, issue];
    }
    const number = Number(new RegExp(`^${this.issue}/(\\d+)$`).exec(url.pathname)?.[1]);
    const issue = this.issues.find((candidate) => candidate.number === number);
    if (method === "PATCH" && issue) {
      issue.body = body;
      return [200, issue];
    }
    if (method === "POST" && url.pathname === list) return [201, this.add(body)];
    const id = Number(new RegExp(`^${this.issue}/comments/(\\d+)$`).exec(url.pathname)?.[1]);
    const comment = this.comments.find((candidate) => candidate.id === id);
    if (method !== "PATCH" || !comment) return [404, { message: "Not Found" }];
    comment.body = body;
    return [200, comment];
  }
}
