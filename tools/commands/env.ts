import { delimiter } from "node:path";
import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { paths } from "../lib/paths";
import { createProgress } from "../lib/progress";
import { chosenStack, openSession, pulumiVariables } from "../lib/session";
import { exportLines } from "../lib/shell";
import { ensureStack } from "../lib/stack";
import { writeMerged } from "../lib/stack-config";
import { exitCodes } from "../lib/user-error";

export const command: Command = {
  summary: 'prints what makes plain `pulumi` work in a shell: eval "$(npm run -s env)"',
  usage: "[options]",
  options: stackOption,
  passOn: false,
  async run(args) {
    const flag = args.text("stack");
    const path = process.env["PATH"] ?? "";
    const session = await openSession(chosenStack(flag), createProgress());
    await ensureStack(session);
    writeMerged(session.stack);
    const own = [paths.bin, session.toolchain.binDir];
    const others = path.split(delimiter).filter((directory) => !own.includes(directory));
    process.stdout.write(
      exportLines({
        ...pulumiVariables(process.env, session.backend),
        ...session.toolchain.variables,
        // Without --stack the shell is free to `pulumi stack select`.
        ...(flag === undefined ? {} : { PULUMI_STACK: flag }),
        PATH: [...own, ...others].join(delimiter),
      }),
    );
    return exitCodes.ok;
  },
};
