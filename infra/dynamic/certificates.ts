import "reflect-metadata";
import { X509Certificate, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { isDeepStrictEqual } from "node:util";
import * as x509 from "@peculiar/x509";
import type { dynamic } from "@pulumi/pulumi";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;
/** An authority is not renewed: what trusts it would have to trust two for a while. */
const AUTHORITY_DAYS = 3650;
/** With a clock that is behind by less a new certificate is valid at once. */
const CLOCK_SKEW_MS = 3_600_000;
/** Renewed by the first `up` in the last third of its days, as is usual with authorities that renew by themselves. */
const RENEWED_FROM = 2 / 3;

/** A certificate and its private key, as PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

export interface AuthorityState extends KeyPair {
  commonName: string;
}

/** Makes an authority that signs its own certificate. */
export async function createAuthority(inputs: { commonName: string }): Promise<AuthorityState> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validFor(AUTHORITY_DAYS),
    name: [{ CN: [inputs.commonName] }],
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { ...inputs, certificate: certificate.toString("pem"), key: await keyPem(keys) };
}

export interface CertificateInputs {
  authority: KeyPair;
  /** Whose it is. */
  commonName: string;
  /** Names and IP addresses under which it is reached; none for one that only proves who calls. */
  hosts: string[];
  days: number;
}

export type CertificateState = CertificateInputs & KeyPair;

/** @throws Error where the authority's key is of a kind that signs nothing here */
export async function createCertificate(inputs: CertificateInputs): Promise<CertificateState> {
  const { authority, commonName, hosts, days } = inputs;
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    ...validFor(days),
    subject: [{ CN: [commonName] }],
    issuer: issuer.subjectName,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...(hosts.length === 0
        ? []
        : [
            new x509.SubjectAlternativeNameExtension(
              hosts.map((value) => ({ type: isIP(value) ? "ip" : "dns", value })),
            ),
          ]),
    ],
  });
  return { ...inputs, certificate: certificate.toString("pem"), key: await keyPem(keys) };
}

/** Whether so much of a certificate's time is over that it is made anew. @param now milliseconds since 1970 */
export function isDue(certificate: string, now: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificate);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return now >= from + (to - from) * RENEWED_FROM;
}

function validFor(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - CLOCK_SKEW_MS), notAfter: new Date(now + days * DAY_MS) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(
    await webcrypto.subtle.exportKey("pkcs8", privateKey),
    x509.PemConverter.PrivateKeyTag,
  );
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const bytes = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey("pkcs8", bytes, ALGORITHM, false, ["sign"]);
}

export const authorityProvider: dynamic.ResourceProvider<{ commonName: string }, AuthorityState> = {
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.commonName, outs: await createAuthority(inputs) }),
};

export const certificateProvider: dynamic.ResourceProvider<CertificateInputs, CertificateState> = {
  diff: async (_id, olds, news) => {
    const changed = (["commonName", "hosts", "days"] as const).filter(
      (key) => !isDeepStrictEqual(olds[key], news[key]),
    );
    const isSignedAnew = olds.authority.certificate !== news.authority.certificate;
    const replaces = [
      ...changed,
      ...(isSignedAnew ? ["authority"] : []),
      ...(isDue(olds.certificate, Date.now()) ? ["certificate"] : []),
    ];
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
  },
  create: async (inputs) => ({ id: inputs.commonName, outs: await createCertificate(inputs) }),
};
