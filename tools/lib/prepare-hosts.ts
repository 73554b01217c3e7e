import { carryImages } from "./carry-images";
import { enginesOf, placementOf, refuseSilent } from "./engines";
import { checkHostPorts } from "./host-ports";
import type { StackFile } from "./merged-config";
import { checkPorts } from "./ports";
import type { Session } from "./session";

/**
 * Sees that the engines that a stack is to run on answer and have its ports free, and brings them the images built here.
 * @throws UserError (DOCKER, PORT_IN_USE, IMAGE) before anything of the stack is made
 */
export async function prepareHosts(session: Session, content: StackFile): Promise<void> {
  const placement = placementOf(session.stack);
  if (!placement) return checkPorts(session, content);
  const engines = await enginesOf(session);
  await refuseSilent(session, engines);
  await checkHostPorts(session.stack, content, placement, engines);
  await carryImages(session);
}
