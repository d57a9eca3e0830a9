import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BrandsBundle } from '../../src/brands/bundle-types.ts';
import { completePracticeDetails } from '../../src/practices/index.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { addAnotherPractice, LIVE_PRACTICE } from '../support/people/practice-portal.ts';
import { startServer } from '../support/servers/server.ts';
import { checkProfile, type Definitions, type StructureDefinition } from '../us-core/check-profile.ts';
import { readPackage } from '../us-core/read-package.ts';

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization';

function loadDefinitions(): Definitions {
  const definitions = new Map<string, StructureDefinition>();
  const types = readFileSync(path.join(SHARED_DATA ?? '', 'r4-definitions', 'profiles-types.json'), 'utf8');
  for (const { resource } of JSON.parse(types).entry as { resource: StructureDefinition & { name: string } }[])
    if (resource.resourceType === 'StructureDefinition') definitions.set(resource.name, resource);
  for (const [name, json] of readPackage(path.join(SHARED_DATA ?? '', 'us-core-igs/us_core_610.tgz')))
    if (name.endsWith('us-core-organization.json')) definitions.set(US_CORE, json as StructureDefinition);
  return definitions;
}

describe.skipIf(SHARED_DATA === undefined)('the published brands (shared data absent: skipped)', () => {
  let definitions: Definitions;
  let bundle: BrandsBundle;
  beforeAll(async () => {
    definitions = loadDefinitions();
    const server = await startServer();
    await addAnotherPractice(server, 'Hillside');
    await server.db.queryText(
      `insert into practice_brand
         select practice_id, '1234567893', 'prov', '{Hill}', '{"Chatham, IL"}', 2 from practice where name = 'Hillside'`,
      [],
    );
    await completePracticeDetails(server.db, LIVE_PRACTICE, { address: 'Springfield, IL 62701', npi: '1245319599' });
    await server.runMaintenance();
    bundle = (await server.app.inject({ method: 'GET', url: '/brands.json' })).json();
    await server.close();
  });

  it('45 CFR 170.404(b)(2): each organization conforms to US Core', () => {
    const organizations = bundle.entry
      .map(({ resource }) => resource)
      .filter((one) => one.resourceType === 'Organization');
    const profile = definitions.get(US_CORE);
    if (profile === undefined) throw new Error('there is such a profile');
    expect(organizations.length).toBe(4);
    for (const resource of organizations) expect(checkProfile(resource as never, profile, definitions)).toEqual([]);
  });
});
