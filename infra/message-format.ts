import type { FormatName } from "../pipeline/format/format";
import { protobufSchema } from "../pipeline/format/protobuf";
import { gameDetails, topGames } from "../pipeline/record";

/** What the Kafka tables of `sql/` are told of the messages' format. Only Protobuf has a schema of its own. */
export function formatPlaceholders(messageFormat: FormatName) {
  const isProtobuf = messageFormat === "Protobuf";
  return {
    messageFormat,
    topGamesSchema: isProtobuf ? protobufSchema(topGames) : "",
    detailsSchema: isProtobuf ? protobufSchema(gameDetails) : "",
  };
}
