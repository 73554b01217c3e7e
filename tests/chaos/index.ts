import type { Arguments } from "../../tools/lib/arguments";
import { createProgress } from "../../tools/lib/progress";
import { exitCodes, UserError } from "../../tools/lib/user-error";
import { faults } from "./data-faults";
import { canCutPower } from "./disk";
import { isWell, renderChaos } from "./report";
import { runChaos } from "./rounds";

const ROUNDS = 60;
const RECORDS_PER_SECOND = 2_000;

/** Runs the suite as the command line says, prints its report, and gives the exit code. */
export async function run(args: Arguments): Promise<number> {
  const seed = args.count("seed", Math.floor(Math.random() * 1_000_000), 0);
  const progress = createProgress();
  progress.note(`seed ${seed}`);
  const hasPower = await canCutPower();
  const struck = chosen(args.text("fault"), args.flag("short")).filter(
    (fault) => hasPower || !fault.cutsPower,
  );
  if (!hasPower) progress.note("no power is cut: that takes root, and a file as a device");
  const report = await runChaos(
    {
      rounds: args.count("rounds", ROUNDS),
      seed,
      faults: struck,
      recordsPerSecond: args.count("rate", RECORDS_PER_SECOND),
    },
    progress,
  );
  process.stdout.write(`${args.flag("json") ? JSON.stringify(report) : renderChaos(report)}\n`);
  return isWell(report) ? exitCodes.ok : exitCodes.failure;
}

function chosen(text: string | undefined, isShort: boolean) {
  const fitting = faults
    .filter(({ name }) => name.toLowerCase().includes((text ?? "").toLowerCase()))
    .filter(({ isLong }) => !isShort || isLong !== true);
  if (fitting.length > 0) return fitting;
  throw new UserError("USAGE", `there is no fault ${text}`, {
    fix: `use a part of one of: ${faults.map(({ name }) => name).join("; ")}`,
  });
}
