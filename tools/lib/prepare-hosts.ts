import { hostsFaults, type Placement } from "../../infra/hosts-config";
import { carryImages } from "./carry-images";
import { enginesOf, placementOf, refuseSilent } from "./engines";
import { checkHostPorts } from "./host-ports";
import type { StackFile } from "./merged-config";
import { checkPorts } from "./ports";
import { projectName } from "./paths";
import type { Session } from "./session";
import { configValue } from "./stack-config";
import { UserError } from "./user-error";

/**
 * Sees that the engines that a stack is to run on answer and have its ports free, and brings them the images built here.
 * @throws UserError (CONFIG, DOCKER, PORT_IN_USE, IMAGE) before anything of the stack is made
 */
export async function prepareHosts(session: Session, content: StackFile): Promise<void> {
  const placement = placementOf(session.stack);
  if (!placement) return checkPorts(session, content);
  refuseFaults(session.stack, content, placement);
  const engines = await enginesOf(session);
  await refuseSilent(session, engines);
  await checkHostPorts(session.stack, content, placement, engines);
  await carryImages(session);
}

/** What the program would refuse, before images are carried for minutes. */
function refuseFaults(stack: string, content: StackFile, placement: Placement): void {
  const value = (key: string) => configValue(content, key);
  const faults = hostsFaults(placement, {
    brokers: Number(value("brokers")),
    kafkaSecurity: value("kafkaSecurity"),
    kafkaExternal: value("kafkaExternal"),
    clickhouseExternal: value("clickhouseExternal"),
    hostsInClear: value("hostsInClear") === "true",
    // A secret, of which only Pulumi knows more than that it is there.
    hostsTls: content.config[`${projectName()}:hostsTls`] === undefined ? "" : "set",
  });
  if (faults.length === 0) return;
  throw new UserError("CONFIG", faults.join("\n  "), {
    where: `the config of the stack ${stack}`,
    fix: "correct it; docs/several-hosts.md tells what goes together",
  });
}
