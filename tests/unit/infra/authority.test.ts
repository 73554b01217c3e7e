import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { authorityOf, authorityText } from "../../../infra/authority";
import {
  createAuthority,
  createCertificate,
  type AuthorityState,
  type CertificateState,
} from "../../../infra/dynamic/certificates";

describe("an authority given by config", () => {
  let authority: AuthorityState;
  let other: AuthorityState;
  let leaf: CertificateState;
  beforeAll(async () => {
    authority = await createAuthority({ commonName: "ours" });
    other = await createAuthority({ commonName: "another" });
    leaf = await createCertificate({ authority, commonName: "kafka", hosts: [], days: 1 });
  });
  const text = ({ certificate, key }: { certificate: string; key: string }) =>
    `${certificate}\n${key}\n`;

  it("is a certificate and its key, in either order, or nothing", () => {
    const { certificate, key } = authority;
    for (const given of [text(authority), `${key}\n${certificate}`]) {
      expect(authorityOf(given)).toEqual({ certificate, key });
      expect(authorityText().read(given)).toBe(given);
    }
    expect(authorityText().read("")).toBe("");
    expect(authorityOf("")).toBeUndefined();
  });

  it("is refused where it cannot sign: another's key, no authority, another kind of key, a part alone", () => {
    const rsa = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    for (const given of [
      text({ certificate: authority.certificate, key: other.key }),
      text(leaf),
      text({ certificate: authority.certificate, key: rsa.privateKey }),
      authority.certificate,
      authority.key,
      "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----",
    ])
      expect(authorityText().read(given), given).toBeUndefined();
  });
});
