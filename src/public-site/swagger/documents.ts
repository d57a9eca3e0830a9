import { dstu2, r4 } from '../../fhir/index.ts';
import type { OAuthAddresses } from '../../oauth/index.ts';
import { openApiPaths } from '../../portal-api/index.ts';

/**
 * Returns the OpenAPI documents of both FHIR APIs. Each document is generated on its first request,
 * so that startup doesn't wait, and doesn't change while the server runs.
 */
export function openApiDocuments({
  addresses,
  prefix,
}: {
  readonly addresses: OAuthAddresses;
  readonly prefix: string;
}) {
  const { authorize, token, revoke, fhir } = addresses;
  return [r4, dstu2].map((version) => ({
    path: openApiPaths({ prefix })[version.api],
    contentType: 'application/json; charset=utf-8',
    body: once(() => {
      const document = version.openApi({ base: fhir[version.api], authorize, token, revoke });
      return Buffer.from(JSON.stringify(document, null, 1));
    }),
  }));
}

function once(make: () => Buffer): () => Buffer {
  let made: Buffer | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
