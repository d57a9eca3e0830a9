import type { AppLogFilter } from '../../../src/portal-api/contract/activity.ts';
import { useAddress } from '../../shell/use-address.ts';

export const ENDPOINTS = [
  'authorize',
  'par',
  'token',
  'revoke',
  'introspect',
  'register',
  'fhir-r4',
  'fhir-dstu2',
] as const;
const OUTCOMES = ['refused', 'answered'] as const;

/** Reads and changes the filters of the request log, which are stored in the URL. */
export function useLogFilter() {
  const { search, choose, clear } = useAddress();
  const outcome = OUTCOMES.find((one) => one === search.get('outcome'));
  const endpoint = ENDPOINTS.find((one) => one === search.get('endpoint'));
  const filter: AppLogFilter = {
    ...(outcome === undefined ? {} : { outcome }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  return { filter, choose: (name: 'outcome' | 'endpoint', value: string) => choose({ [name]: value }), clear };
}
