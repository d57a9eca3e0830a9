import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

export type AssertionAlg = 'RS384' | 'ES384';

export interface SigningKeys {
  readonly signing: { readonly key: CryptoKey; readonly kid: string };
  /** The same key, as an app in a browser is given it. */
  readonly privateJwk: JWK;
  readonly jwks: { readonly keys: JWK[] };
}

/** What an app that proves itself with private_key_jwt has: a key, and the key set it registers. */
export async function signingKeys(alg: AssertionAlg): Promise<SigningKeys> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = `${alg} key`;
  return {
    signing: { key: privateKey, kid },
    privateJwk: { ...(await exportJWK(privateKey)), kid, alg },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] },
  };
}
