import { expect } from 'vitest';
import { ccdaDocument } from './ccda-document.ts';
import type { FhirServer } from './fhir-server.ts';
import { loadTexts } from './load-texts.ts';

/** Returns the stored resources of a type, those of the directory included. */
export const storedResources = async ({ db }: Pick<FhirServer, 'db'>, type: string) =>
  (
    await db.queryText<{ content: string }>(
      'select content from resource where type = $1 union all select content from shared_resource where type = $1',
      [type],
    )
  ).map(({ content }) => JSON.parse(content));

/** Loads a C-CDA document with these sections, and returns the stored resources of a type. */
export async function loadCcda(
  server: FhirServer,
  type: string,
  sections: string,
  more: Parameters<typeof ccdaDocument>[0] = {},
) {
  const report = await loadTexts(server, { 'a.xml': ccdaDocument({ ...more, sections }) });
  expect(report.refused).toEqual([]);
  return await storedResources(server, type);
}
