import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textInput } from '../../src/intake/index.ts';
import { textOf } from '../support/browser/html.ts';
import { allergies, ccdaDocument, concern, medication, medications, problems } from '../support/fhir/ccda-document.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { setTimeZone, signInBrowser } from './patients.ts';

const sections = [
  problems(
    concern({ id: '11111111-1111-4111-8111-111111111111', status: 'active', time: '<low value="20120806"/>' }),
    concern({ id: '22222222-2222-4222-8222-222222222222', status: 'active', time: '<low value="201208062330"/>' }),
  ),
  allergies(
    concern({
      attributes: 'negationInd="true"',
      value: '<value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96"/>',
      inside:
        '<participant typeCode="CSM"><participantRole><playingEntity><code nullFlavor="NA"/></playingEntity></participantRole></participant>',
    }),
  ),
  medications(
    medication({
      times: `<effectiveTime xsi:type="IVL_TS"><low value="20251101"/></effectiveTime>
        <effectiveTime xsi:type="PIVL_TS" operator="A"><period xsi:type="IVL_PQ"><low value="4" unit="h"/><high value="6" unit="h"/></period></effectiveTime>`,
      dosage: `<routeCode code="C38216" codeSystem="2.16.840.1.113883.3.26.1.1" displayName="Inhalation"/>
        <doseQuantity value="2"/><administrationUnitCode code="PUFF" displayName="Puff"/>`,
      maker: '<manufacturerOrganization><name>Medication Factory</name></manufacturerOrganization>',
    }),
  ),
].join('');

let server: TestServer;
let section: (name: string) => Promise<string>;
beforeAll(async () => {
  server = await startServer();
  await setTimeZone(server, 'America/Los_Angeles');
  const person = await addLivePatient(server, [textInput('a.xml', ccdaDocument({ sections }))]);
  const browser = await signInBrowser(server, person);
  section = async (name) => textOf(await browser.get(`/account/${person.key}/record/${name}`));
});
afterAll(() => server.close());

describe('the record of a patient whose C-CDA document was imported', () => {
  it('shows each date as the document has it, west of Greenwich too', async () => {
    const problemsText = await section('problems');
    expect(problemsText.match(/Since August 6, 2012/g)).toHaveLength(2);
    expect(problemsText).not.toMatch(/August [57], 2012/);
  });

  it('says that no allergy is known, and not that there is one', async () => {
    const text = await section('allergies');
    expect(text).toContain('No known allergy');
    expect(text).not.toContain('Ruled out');
  });

  it('names a medicine, and says how much to take, how, how often, and from when', async () => {
    const text = await section('medicines');
    expect(text).toContain('Albuterol');
    expect(text).toContain('How to take it Dose: 2 puffs, Inhalation, once every 4 to 6 hours');
    expect(text).toContain('When to take it from November 1, 2025');
  });
});
