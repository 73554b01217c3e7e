import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Reader } from "./settings";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY =
  /-----BEGIN (?:(?:RSA|EC) )?PRIVATE KEY-----[^-]+-----END (?:(?:RSA|EC) )?PRIVATE KEY-----/;

/** How Docker engines behind TCP are spoken to, each as PEM. */
export interface HostsTls {
  /** Who signed the engines' certificates. */
  ca: string;
  /** By which a client proves who it is. */
  cert: string;
  key: string;
}

/** The three in one text, or empty. */
export function hostsTlsText(): Reader<string> {
  return {
    allowed:
      "empty, or what Docker calls ca.pem, cert.pem and key.pem, one after the other, the key not encrypted",
    read: (text) => (text === "" || hostsTlsOf(text) ? text : undefined),
  };
}

/** The parts of such a text, in any order: the client's certificate is the one that the key belongs to. */
export function hostsTlsOf(text: string): HostsTls | undefined {
  const key = PRIVATE_KEY.exec(text)?.[0];
  if (key === undefined) return undefined;
  try {
    const privateKey = createPrivateKey(key);
    const certificates = (text.match(CERTIFICATE) ?? []).map((pem) => ({
      pem,
      isClient: new X509Certificate(pem).checkPrivateKey(privateKey),
    }));
    const cert = certificates.find(({ isClient }) => isClient)?.pem;
    const ca = certificates.filter(({ isClient }) => !isClient).map(({ pem }) => pem);
    return cert === undefined || ca.length === 0 ? undefined : { ca: ca.join("\n"), cert, key };
  } catch {
    return undefined;
  }
}
