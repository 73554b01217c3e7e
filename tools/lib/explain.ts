import { UserError } from "./user-error";

interface Known {
  pattern: RegExp;
  explain: (match: RegExpExecArray) => UserError;
}

/** Failures that Pulumi and its providers tell in their own words, and what to do about each. */
const known: Known[] = [
  {
    pattern: /the stack is currently locked by[^]*?created by (\S+) \(pid (\d+)\) at (\S+)/,
    explain: ([, who, pid, since]) =>
      new UserError("LOCKED", "the stack is locked by another update", {
        where: `started by ${who}, process ${pid}, at ${since}`,
        fix: "wait until it ends; if it was killed on another machine: npm run pulumi -- cancel",
      }),
  },
  {
    pattern: /incorrect passphrase/,
    explain: () =>
      new UserError(
        "PASSPHRASE",
        "incorrect passphrase: it is not the one the stack's secrets are encrypted with",
        {
          where: "PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE or .steamline/passphrase",
          fix: "unset the variable, or restore the file that was there when the stack was made",
        },
      ),
  },
  {
    pattern: /no space left on device[^\n]*/i,
    explain: ([text]) =>
      new UserError("DISK_FULL", `the disk is full: ${text}`, {
        fix: "look at `docker system df`, make room (`docker image prune`), and run the command again",
      }),
  },
  {
    pattern: /Cannot connect to the Docker daemon[^\n]*/,
    explain: ([text]) =>
      new UserError("DOCKER", `the Docker engine stopped answering: ${text}`, {
        fix: "start it and run the command again; what was made so far is taken up",
      }),
  },
  {
    pattern: /Error pinging Docker server, please make sure that (\S+) is reachable[^\n]*/,
    explain: ([text, endpoint]) =>
      new UserError("DOCKER", `the Docker engine at ${endpoint} does not answer: ${text}`, {
        where: "hosts in the stack's config, or as they were when it was deployed last",
        fix: "start it and run the command again; what was made so far is taken up",
      }),
  },
  {
    pattern:
      /(?:(?:Bind for|bind host port|listen tcp\d?)[^\n]*?)?(?:port is already allocated|address already in use)[^\n]*/,
    explain: ([text]) =>
      new UserError("PORT_IN_USE", `a port of the stack was taken meanwhile: ${text}`, {
        fix: "run the command again, which tells who holds it",
      }),
  },
  {
    pattern:
      /(?:unable to (?:pull|find|read)[^\n]*image|manifest (?:for )?[^\n]* (?:not found|unknown)|pull access denied)[^\n]*/i,
    explain: ([text]) =>
      new UserError("IMAGE", `an image cannot be had: ${text}`, {
        fix: "check the image's name and tag in the config, and that its registry can be reached",
      }),
  },
  {
    pattern: /no stack named '([^']+)' found/,
    explain: ([, stack]) =>
      new UserError("STACK_MISSING", `there is no stack ${stack}`, {
        fix: `npm run up -- --stack ${stack}`,
      }),
  },
];

/** What a failed run of Pulumi means, by what it printed; undefined where its own words have to do. */
export function explain(output: string): UserError | undefined {
  for (const { pattern, explain } of known) {
    const match = pattern.exec(output);
    if (match) return explain(match);
  }
  return undefined;
}
