import type { App, FhirApi } from '../../domain/index.ts';
import type { OAuthAddresses } from '../addresses.ts';

/**
 * The API of the app whose FHIR base URL is `aud`, regardless of case and a trailing slash. Undefined when there is
 * none. SMART App Launch 2.2 §2.1.5
 */
export function findAudienceApi(
  { apis }: Pick<App, 'apis'>,
  aud: string | undefined,
  addresses: Pick<OAuthAddresses, 'fhir'>,
): FhirApi | undefined {
  const requested = aud?.replace(/\/$/, '').toLowerCase();
  return apis.find((api) => addresses.fhir[api].toLowerCase() === requested);
}
