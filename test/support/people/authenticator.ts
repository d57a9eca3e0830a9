import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id?: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
}

/** Differences between an authenticator or browser and the specification, by mistake or on purpose. */
export interface Deviation {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /**
   * Bits of the authenticator data (WebAuthn L3 §6.1): 1 is user present, 4 user verified, 64 attested credential data
   * included.
   */
  readonly flags?: number;
  readonly counter?: number;
  readonly userHandle?: string | undefined;
  readonly credentialId?: Buffer;
}

/** A browser with a passkey: ES256, user verification each time, and a counter that increases. */
export class SoftAuthenticator {
  readonly origin: string;
  readonly credentialId: Buffer = randomBytes(32);
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #counter = 0;
  #handle: string | undefined;

  constructor(origin = 'http://localhost:8080') {
    this.origin = origin;
  }

  /** Implements `navigator.credentials.create`. Returns the text that the form sends. */
  create(options: Options, deviation: Deviation = {}): string {
    this.#handle = options.user?.id;
    const { credentialId = this.credentialId } = deviation;
    const length = Buffer.from([credentialId.length >> 8, credentialId.length & 255]);
    const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, this.#coseKey()]);
    const authData = this.#data(options.rp?.id ?? '', 0x45, deviation, attested);
    const attestation = cborMap([
      ['fmt', cborText('none')],
      ['attStmt', Buffer.from([0xa0])],
      ['authData', cborBytes(authData)],
    ]);
    return JSON.stringify({
      ...this.#envelope(credentialId),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options, deviation).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    });
  }

  /** Implements `navigator.credentials.get`. Returns the text that the form sends. */
  get(options: Options, deviation: Deviation = {}): string {
    const clientData = this.#clientData('webauthn.get', options, deviation);
    const authData = this.#data(options.rpId ?? '', 0x05, deviation);
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), this.#keys.privateKey);
    const userHandle = 'userHandle' in deviation ? deviation.userHandle : this.#handle;
    return JSON.stringify({
      ...this.#envelope(deviation.credentialId ?? this.credentialId),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle === undefined ? {} : { userHandle }),
      },
    });
  }

  /** The created passkey in the format of Chromium's virtual authenticator (`WebAuthn.addCredential`). */
  credential() {
    return {
      credentialId: this.credentialId.toString('base64'),
      isResidentCredential: true,
      rpId: new URL(this.origin).hostname,
      privateKey: this.#keys.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      userHandle: Buffer.from(this.#handle ?? '', 'base64url').toString('base64'),
      signCount: this.#counter,
    };
  }

  #envelope(credentialId: Buffer) {
    const id = credentialId.toString('base64url');
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, authenticatorAttachment: 'platform' };
  }

  #clientData(type: string, { challenge }: Options, deviation: Deviation): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: deviation.type ?? type,
        challenge: deviation.challenge ?? challenge,
        origin: deviation.origin ?? this.origin,
        crossOrigin: false,
      }),
    );
  }

  /** Authenticator data (WebAuthn L3 §6.1). */
  #data(rpId: string, flags: number, deviation: Deviation, attested: Buffer = Buffer.alloc(0)): Buffer {
    this.#counter += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(deviation.counter ?? this.#counter);
    return Buffer.concat([sha256(deviation.rpId ?? rpId), Buffer.from([deviation.flags ?? flags]), counter, attested]);
  }

  /** The public key as COSE_Key (RFC 9053 §7.1.1): { 1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y }. */
  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      cborBytes(Buffer.from(x, 'base64url')),
      Buffer.from([0x22]),
      cborBytes(Buffer.from(y, 'base64url')),
    ]);
  }
}

const sha256 = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest();

/** Encodes the head of a CBOR item, as far as an attestation needs it (RFC 8949 §3). */
const cborHead = (major: number, length: number): Buffer =>
  length < 24
    ? Buffer.from([(major << 5) | length])
    : length < 256
      ? Buffer.from([(major << 5) | 24, length])
      : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
const cborBytes = (value: Buffer): Buffer => Buffer.concat([cborHead(2, value.length), value]);
const cborText = (value: string): Buffer => Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
const cborMap = (entries: readonly (readonly [string, Buffer])[]): Buffer =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flatMap(([name, value]) => [cborText(name), value])]);
