import { pathOf, readAddress } from '../explorer-address.ts';
import type { ExplorerFhirVersion, OpenApiDocuments } from '../open-api.ts';

/** Returns the paths of a stored request, for each FHIR version that has its resource type. */
export function requestPaths(
  search: string,
  documents: OpenApiDocuments,
): readonly { readonly version: ExplorerFhirVersion; readonly path: string }[] {
  const address = readAddress(new URLSearchParams(search), documents.r4);
  return (['r4', 'dstu2'] as const).flatMap((version) => {
    const path = pathOf(address, documents, version);
    return path === undefined ? [] : [{ version, path }];
  });
}
