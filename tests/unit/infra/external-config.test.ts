import { describe, expect, it } from "vitest";
import {
  externalClickhouseFaults,
  externalClickhouseOf,
  externalClickhouseReaders,
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

describe("where an external ClickHouse is", () => {
  const nowhere = {
    clickhouseExternal: "",
    clickhouseExternalDatabase: "rows_of_games",
    clickhouseExternalCa: "",
    clickhouseExternalUsername: "company",
    clickhouseExternalPassword: "word",
    clickhouseExternalReader: "viewer",
    clickhouseExternalReaderPassword: "other",
    clickhouseExternalBrokers: "",
  };
  const there = { ...nowhere, clickhouseExternal: "https://a.example:8443" };

  it("is nowhere by default, and then nothing is wrong", () => {
    expect(externalClickhouseOf(nowhere)).toBeUndefined();
    expect(externalClickhouseFaults({ ...nowhere, kafkaExternal: "" })).toEqual([]);
  });

  it("is told with its two users, and with what differs from what is usual", () => {
    const admin = { username: "company", password: "word" };
    const reader = { username: "viewer", password: "other" };
    const url = "https://a.example:8443";
    const database = "rows_of_games";
    expect(externalClickhouseOf(there)).toEqual({ url, database, admin, reader });
    const more = { clickhouseExternalCa: "PEM", clickhouseExternalBrokers: "k:1" };
    expect(externalClickhouseOf({ ...there, ...more })).toEqual({
      ...{ url, database, admin, reader },
      ca: "PEM",
      brokers: "k:1",
    });
  });

  it.each([
    "a.example",
    "a.example:8443",
    "https://",
    "https://a/path",
    "https://u:p@a",
    "tcp://a:9000",
  ])("is not %j", (text) => {
    expect(externalClickhouseReaders.clickhouseExternal.read(text)).toBeUndefined();
  });

  it.each(["system", "steamline", "a-b", "A", "1a", ""])("has no database %j", (text) => {
    expect(externalClickhouseReaders.clickhouseExternalDatabase.read(text)).toBeUndefined();
  });

  it("is not told by half, nor beside brokers that it would not find", () => {
    const half = { clickhouseExternalUsername: "", clickhouseExternalReader: "" };
    expect(
      externalClickhouseFaults({
        ...there,
        ...half,
        kafkaExternal: "",
        clickhouseExternal: "http://a:8123",
        clickhouseExternalCa: "PEM",
      }).map((fault) => fault.split(":")[0]),
    ).toEqual([
      "clickhouseExternalUsername",
      "clickhouseExternalReader",
      "clickhouseExternal",
      "clickhouseExternalCa",
    ]);
  });
});
