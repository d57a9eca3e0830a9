import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

export type AssertionAlg = 'RS384' | 'ES384';

export interface SigningKeys {
  readonly signing: { readonly key: CryptoKey; readonly kid: string };
  /** The same private key as a JWK, for an app that runs in a browser. */
  readonly privateJwk: JWK;
  readonly jwks: { readonly keys: JWK[] };
}

/** Creates a key and a key set for an app that authenticates with private_key_jwt. */
export async function createSigningKeys(alg: AssertionAlg): Promise<SigningKeys> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = `${alg} key`;
  return {
    signing: { key: privateKey, kid },
    privateJwk: { ...(await exportJWK(privateKey)), kid, alg },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] },
  };
}
