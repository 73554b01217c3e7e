import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyPair } from "./dynamic/certificates";
import type { Reader } from "./settings";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/;
/** What OpenSSL calls the curve P-256. */
const CURVE = "prime256v1";

/** An authority's certificate and key in one text, or empty. */
export function authorityText(): Reader<string> {
  return {
    allowed:
      "empty, or an authority's certificate and its own private key (PKCS #8, not encrypted, on the curve P-256), as PEM one after the other",
    read: (text) => (text === "" || authorityOf(text) ? text : undefined),
  };
}

/** The two parts of such a text; undefined where it is empty or no authority. */
export function authorityOf(text: string): KeyPair | undefined {
  const certificate = CERTIFICATE.exec(text)?.[0];
  const key = PRIVATE_KEY.exec(text)?.[0];
  if (certificate === undefined || key === undefined) return undefined;
  try {
    const read = new X509Certificate(certificate);
    const privateKey = createPrivateKey(key);
    const isOnCurve = privateKey.asymmetricKeyDetails?.namedCurve === CURVE;
    return read.ca && isOnCurve && read.checkPrivateKey(privateKey)
      ? { certificate, key }
      : undefined;
  } catch {
    return undefined;
  }
}
