import type { App } from '../../../domain/index.ts';
import type { OAuthAddresses } from '../../../oauth/index.ts';

/** Settings of an app that code samples contain. */
export interface SampleSettings {
  readonly clientId: string;
  /** Placeholder for the client secret; undefined if the app has no secret. */
  readonly secret: string | undefined;
  readonly redirectUri: string;
  readonly redirectUris: readonly string[];
  readonly scope: string;
  readonly authorize: string;
  readonly token: string;
  readonly issuer: string;
  /** Base URLs of the FHIR APIs that the app may use. */
  readonly r4: string | undefined;
  readonly dstu2: string | undefined;
  readonly backend: boolean;
  /** Whether the app works without a key: it needs none to authenticate and none for DPoP. */
  readonly simple: boolean;
}

/** Placeholder for the client secret, of which this server stores only a hash. */
const SECRET_PLACEHOLDER = 'YOUR_CLIENT_SECRET';

export function toSampleSettings(app: App, { addresses }: { readonly addresses: OAuthAddresses }): SampleSettings {
  const { issuer, authorize, token, fhir } = addresses;
  return {
    clientId: app.clientId,
    secret: app.auth === 'secret' ? SECRET_PLACEHOLDER : undefined,
    redirectUri: app.redirectUris[0] ?? '',
    redirectUris: app.redirectUris,
    scope: app.scope,
    issuer,
    authorize,
    token,
    r4: app.apis.includes('r4') ? fhir.r4 : undefined,
    dstu2: app.apis.includes('dstu2') ? fhir.dstu2 : undefined,
    backend: app.kind === 'backend',
    simple: app.auth !== 'private_key_jwt' && !app.dpopBound,
  };
}

/** Returns the base URL of the FHIR API that samples read from: R4 if the app may use it, otherwise DSTU2. */
export const fhirBase = ({ r4, dstu2 }: SampleSettings): string => r4 ?? dstu2 ?? '';
