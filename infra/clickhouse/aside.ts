/** Follows a Kafka table's name where it is kept from its views while a stand-in has its name. */
export const ASIDE = "__aside";

export function asideName(kafkaTable: string): string {
  return `${kafkaTable}${ASIDE}`;
}
