import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createProgress } from "../../tools/lib/progress";
import { buildComponents } from "../../tools/setup/toolchain/build";
import type { Component } from "../../tools/setup/toolchain/components";
import { freePort, stop } from "../image/stand";

const server: Component = {
  program: "gofakes3",
  title: "a server that speaks S3",
  directory: join(__dirname, "fake-s3"),
  args: ["-trimpath", "-ldflags", "-s -w", "github.com/johannesboyne/gofakes3/cmd/gofakes3"],
};

/** A bucket on a server of its own, which keeps it in memory. */
export class Bucket {
  private constructor(
    private readonly child: ChildProcess,
    private readonly address: string,
  ) {}

  static async open(): Promise<Bucket> {
    const [place = ""] = await buildComponents([server], createProgress());
    const host = `127.0.0.1:${await freePort()}`;
    const args = ["-backend", "memory", "-host", host, "-initialbucket", "acme"];
    const child = spawn(join(place, server.program), args, { stdio: "ignore" });
    const bucket = new Bucket(child, `http://${host}`);
    while ((await bucket.list().catch(() => undefined)) === undefined) await sleep(50);
    return bucket;
  }

  /** What Pulumi is told in order to keep its state below `steamline/` in it. */
  get env(): Record<string, string> {
    return {
      PULUMI_BACKEND_URL: `s3://acme/steamline?endpoint=${this.address}&s3ForcePathStyle=true&region=us-east-1`,
      AWS_ACCESS_KEY_ID: "anyone",
      AWS_SECRET_ACCESS_KEY: "anything",
    };
  }

  /** The names of its objects. */
  async list(): Promise<string[]> {
    const text = await (await fetch(`${this.address}/acme?list-type=2`)).text();
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => key);
  }

  async read(name: string): Promise<string> {
    return (await fetch(`${this.address}/acme/${name}`)).text();
  }

  close(): Promise<void> {
    return stop(this.child, "SIGKILL");
  }
}
