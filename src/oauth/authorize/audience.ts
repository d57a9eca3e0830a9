import type { Api } from '../../access/index.ts';
import type { Addresses } from '../addresses.ts';
import type { Client } from '../ports.ts';

/**
 * Which of the app's FHIR bases `aud` names, in any case and with or without a slash; undefined: none.
 * SMART App Launch 2.2 §2.1.5
 */
export function audienceOf(
  { apis }: Pick<Client, 'apis'>,
  aud: string | undefined,
  addresses: Pick<Addresses, 'fhir'>,
): Api | undefined {
  const asked = aud?.replace(/\/$/, '').toLowerCase();
  return apis.find((api) => addresses.fhir[api].toLowerCase() === asked);
}
