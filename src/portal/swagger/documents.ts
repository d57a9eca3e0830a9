import { dstu2, r4 } from '../../fhir/index.ts';
import type { Addresses } from '../../oauth/index.ts';
import { openApiPaths } from '../explorer/addresses.ts';

/** What both APIs take and answer, as OpenAPI: made once, as nothing of it changes while the server runs. */
export function openApiDocuments({ addresses, prefix }: { readonly addresses: Addresses; readonly prefix: string }) {
  const { authorize, token, revoke, fhir } = addresses;
  return [r4, dstu2].map((version) => ({
    path: openApiPaths({ prefix })[version.api],
    contentType: 'application/json; charset=utf-8',
    body: Buffer.from(JSON.stringify(version.openApi({ base: fhir[version.api], authorize, token, revoke }), null, 1)),
  }));
}
