import type { App, FhirApi } from '../../domain/index.ts';
import type { OAuthAddresses } from '../addresses.ts';

/**
 * Returns the API of the app whose FHIR base URL equals `aud`, ignoring case and a trailing slash. Undefined if the app
 * has no such API. SMART App Launch 2.2 §2.1.5
 */
export function findAudienceApi(
  { apis }: Pick<App, 'apis'>,
  aud: string | undefined,
  addresses: Pick<OAuthAddresses, 'fhir'>,
): FhirApi | undefined {
  const requested = aud?.replace(/\/$/, '').toLowerCase();
  return apis.find((api) => addresses.fhir[api].toLowerCase() === requested);
}
