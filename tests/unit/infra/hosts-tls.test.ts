import { beforeAll, expect, it } from "vitest";
import {
  createAuthority,
  createCertificate,
  type KeyPair,
} from "../../../infra/dynamic/certificates";
import { hostsTlsOf, hostsTlsText } from "../../../infra/hosts-tls";

let authority: KeyPair;
let client: KeyPair;
beforeAll(async () => {
  authority = await createAuthority({ commonName: "Docker" });
  client = await createCertificate({ authority, commonName: "client", hosts: [], days: 1 });
});

it("is read in whatever order its parts come", () => {
  const { certificate, key } = client;
  const tls = { ca: authority.certificate, cert: certificate, key };
  expect(hostsTlsOf([authority.certificate, certificate, key].join("\n"))).toEqual(tls);
  expect(hostsTlsOf([key, certificate, authority.certificate].join("\n"))).toEqual(tls);
});

it("is nothing where a part is missing or does not belong to the others", () => {
  const { certificate, key } = client;
  const parts = [
    [certificate, key],
    [authority.certificate, key],
    [authority.certificate, certificate],
    ["-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----", key],
  ];
  for (const some of parts) expect(hostsTlsText().read(some.join("\n"))).toBeUndefined();
  expect(hostsTlsText().read("")).toBe("");
});
