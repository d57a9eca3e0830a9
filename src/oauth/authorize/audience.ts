import type { Api } from '../../access/index.ts';
import type { Addresses } from '../addresses.ts';
import type { Client } from '../ports.ts';

/**
 * The API of the app whose FHIR base URL is `aud`, regardless of case and a trailing slash. Undefined when there is
 * none. SMART App Launch 2.2 §2.1.5
 */
export function audienceOf(
  { apis }: Pick<Client, 'apis'>,
  aud: string | undefined,
  addresses: Pick<Addresses, 'fhir'>,
): Api | undefined {
  const requested = aud?.replace(/\/$/, '').toLowerCase();
  return apis.find((api) => addresses.fhir[api].toLowerCase() === requested);
}
