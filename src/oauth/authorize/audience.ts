import type { App, FhirApi } from '../../domain/index.ts';
import type { OAuthAddresses } from '../addresses.ts';

/**
 * Returns the FHIR API of this server whose base URL equals `aud`, ignoring case and a trailing slash. Undefined if the
 * app hasn't added that API, or no API has that URL. SMART App Launch 2.2 §2.1.5
 */
export function findAudienceApi(
  { apis }: Pick<App, 'apis'>,
  aud: string | undefined,
  addresses: Pick<OAuthAddresses, 'fhir'>,
): FhirApi | undefined {
  const requested = aud?.replace(/\/$/, '').toLowerCase();
  return apis.find((api) => addresses.fhir[api].toLowerCase() === requested);
}
