import { listContainers } from "../../lib/docker";
import { mergeConfig, type StackFile } from "../../lib/merged-config";
import { checkPorts } from "../../lib/ports";
import { readSettings } from "../../lib/settings";
import { configValue, readTracked } from "../../lib/stack-config";
import { UserError } from "../../lib/user-error";
import { failed, passed, type Check } from "./check";

/** The stack that commands are about where none is named. */
export const DEFAULT_STACK = "dev";

/** The default stack's config as its commands see it. @throws UserError (CONFIG) where it is damaged. */
export function defaultConfig(): StackFile {
  return mergeConfig(readTracked(DEFAULT_STACK), readSettings(DEFAULT_STACK));
}

/** Whether the default stack's ports are free or its own. */
export async function checkStackPorts(
  content: StackFile,
  engine: { host: string; answers: boolean },
): Promise<Check> {
  const name = `ports of ${DEFAULT_STACK}`;
  if (configValue(content, "hosts") !== "")
    return passed(name, "on the hosts that its config names; npm run up looks there");
  const env = { ...process.env, DOCKER_HOST: engine.host };
  try {
    const containers = engine.answers ? await listContainers(env) : [];
    await checkPorts({ stack: DEFAULT_STACK, env }, content, containers);
    return passed(name, "free, or held by the stack itself");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return failed(name, error.message, error.more.fix ?? "stop what holds them");
  }
}
