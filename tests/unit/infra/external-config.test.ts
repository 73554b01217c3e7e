import { describe, expect, it } from "vitest";
import {
  externalKafkaFaults,
  externalKafkaOf,
  externalKafkaReaders,
} from "../../../infra/external-config";

const none = {
  kafkaExternal: "",
  kafkaExternalTls: true,
  kafkaExternalCa: "",
  kafkaExternalMechanism: "",
  kafkaExternalUsername: "",
  kafkaExternalPassword: "",
} as const;
const some = { ...none, kafkaExternal: "a:1,b:2" };
const login = {
  kafkaExternalMechanism: "plain",
  kafkaExternalUsername: "company",
  kafkaExternalPassword: "word",
} as const;

describe("where an external Kafka is", () => {
  it("is nowhere by default, and then nothing is wrong", () => {
    expect(externalKafkaOf(none)).toBeUndefined();
    expect(externalKafkaFaults({ ...none, brokers: 3, kafkaSecurity: "sasl_ssl" })).toEqual([]);
  });

  it("is reached over TLS unless that is switched off, and logged in to where there is a way", () => {
    expect(externalKafkaOf(some)).toEqual({ brokers: "a:1,b:2", tls: {} });
    expect(externalKafkaOf({ ...some, kafkaExternalTls: false })).toEqual({ brokers: "a:1,b:2" });
    expect(externalKafkaOf({ ...some, ...login, kafkaExternalCa: "PEM" })).toEqual({
      brokers: "a:1,b:2",
      tls: { ca: "PEM" },
      sasl: { mechanism: "plain", username: "company", password: "word" },
    });
  });

  it.each(["a", "a:", "a:b", "a:1,", "a:1 b:2", "http://a:1"])("is not %j", (text) => {
    expect(externalKafkaReaders.kafkaExternal.read(text)).toBeUndefined();
  });

  it("is not told by half", () => {
    expect(externalKafkaFaults({ ...some, ...login, kafkaExternalPassword: "" })).toEqual([
      "kafkaExternalPassword: is empty, but kafkaExternalMechanism plain needs it.",
    ]);
    expect(externalKafkaFaults({ ...some, kafkaExternalUsername: "company" })).toEqual([
      "kafkaExternalUsername: is of use only with kafkaExternalMechanism, which is empty.",
    ]);
  });

  it("is not told beside what the stack's own brokers would be", () => {
    const faults = externalKafkaFaults({ ...some, brokers: 3, kafkaSecurity: "sasl_ssl" });
    expect(faults.map((fault) => fault.split(":")[0])).toEqual(["brokers", "kafkaSecurity"]);
  });
});
