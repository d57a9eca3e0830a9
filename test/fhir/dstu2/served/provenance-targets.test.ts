import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { deleteConversions, replaceConverted } from '../../../support/database/conversions.ts';
import type { Node } from '../fixtures/convert.ts';
import { ownServer } from '../fixtures/own-server.ts';
import { concept } from '../fixtures/small-resources.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(900);
const about = { subject: { reference: `Patient/${ANN}` } };
const made = (type: string, number: number, changes: object): Resource => ({
  resourceType: type,
  id: id(number),
  ...about,
  ...changes,
});
const patient: Resource = { resourceType: 'Patient', id: ANN, gender: 'female' };
const request = (number: number, changes: object = {}): Resource =>
  made('MedicationRequest', number, {
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: 'Aspirin' },
    ...changes,
  });
const service = (number: number, category: string, changes: object = {}): Resource =>
  made('ServiceRequest', number, {
    status: 'active',
    intent: 'order',
    category: [concept('http://snomed.info/sct', category)],
    code: { text: 'x' },
    ...changes,
  });
const to = (type: string, number: number, more: object = {}) => ({ reference: `${type}/${id(number)}`, ...more });
/** Reference to the Patient. It assigns a Provenance that is loaded without its other targets to Ann's record. */
const OF_ANN = { reference: `Patient/${ANN}` };
const provenance = (number: number, ...target: readonly object[]): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  target: [OF_ANN, ...target],
  recorded: '2021-01-01T00:00:00Z',
  agent: [{ who: { display: 'Dr.' } }],
});
const HIDDEN = { display: 'A resource that FHIR DSTU2 does not have' };

const own = ownServer(ANN);
const { load, read } = own;
const targets = async (number: number) =>
  ((await read(`/Provenance/${id(number)}`))['target'] as Node[]).filter(
    ({ reference }) => reference !== OF_ANN.reference,
  );

/** The reference that DSTU2 shows for each stored resource. Undefined if DSTU2 hides the resource. */
const DISPLAYED_REFERENCES: readonly (readonly [resource: Resource, reference: string | undefined])[] = [
  [request(1), `MedicationOrder/${id(1)}`],
  [request(2, { intent: 'plan', reportedBoolean: true }), `MedicationStatement/medicationrequest-${id(2)}`],
  [request(3, { intent: 'proposal' }), undefined],
  [request(4, { status: 'draft' }), `MedicationOrder/${id(4)}`],
  [request(5, { reportedBoolean: true }), `MedicationStatement/medicationrequest-${id(5)}`],
  [service(11, '108252007'), `DiagnosticOrder/${id(11)}`],
  [service(12, '3457005'), `ReferralRequest/${id(12)}`],
  [service(13, '387713003'), `ProcedureRequest/${id(13)}`],
  [service(14, '387713003', { intent: 'plan' }), undefined],
  [made('CareTeam', 21, { status: 'active' }), `CarePlan/careteam-${id(21)}`],
  [made('CareTeam', 22, { status: 'entered-in-error' }), undefined],
  [made('CarePlan', 23, { status: 'active', intent: 'plan' }), `CarePlan/${id(23)}`],
  [made('CarePlan', 24, { status: 'active', intent: 'option' }), undefined],
  [made('Encounter', 31, { status: 'finished', class: { code: 'AMB' } }), `Encounter/${id(31)}`],
  [made('Encounter', 32, { status: 'entered-in-error', class: { code: 'AMB' } }), undefined],
  [made('Observation', 41, { status: 'final', code: { text: 'x' } }), `Observation/${id(41)}`],
  [made('Observation', 42, { status: 'odd', code: { text: 'x' } }), undefined],
];
const resources = DISPLAYED_REFERENCES.map(([resource]) => resource);
const named = resources.map(({ resourceType, id: own }, at) => ({
  reference: `${resourceType}/${own}`,
  ...(at % 2 === 0 ? {} : { display: `No. ${at}` }),
}));
const shown = DISPLAYED_REFERENCES.map(([, reference], at) => {
  const display = at % 2 === 0 ? {} : { display: `No. ${at}` };
  if (reference !== undefined) return { reference, ...display };
  return at % 2 === 0 ? HIDDEN : display;
});

/**
 * Provenance names its targets by their DSTU2 names (docs/decisions/035). The names of targets that were loaded earlier
 * come from their stored conversions.
 */
describe('Provenance', () => {
  it('names each target as it is displayed if they are loaded together', async () => {
    await load(patient, ...resources, provenance(50, ...named));
    expect(await targets(50)).toEqual(shown);
  });

  it('names them the same way if it is loaded later', async () => {
    await load(patient, ...resources);
    await load(patient, provenance(50, ...named), ...named.map((one, at) => provenance(100 + at, one)));
    expect(await targets(50)).toEqual(shown);
    for (const [at, one] of shown.entries()) expect(await targets(100 + at)).toEqual([one]);
  });

  it('names both earlier and new targets', async () => {
    await load(patient, ...resources.slice(0, 8));
    await load(patient, ...resources.slice(8), provenance(50, ...named));
    expect(await targets(50)).toEqual(shown);
  });

  it('has no broken references', async () => {
    await load(patient, ...resources);
    await load(patient, provenance(50, ...named));
    const references = (await targets(50)) as { reference?: string }[];
    for (const { reference } of references) if (reference !== undefined) await read(`/${reference}`);
  });

  it('of targets from an older installation is the same as today’s', async () => {
    await load(patient, ...resources);
    await replaceConverted(own.server.db, 1, () => 'old');
    await load(patient, provenance(50, ...named));
    expect(await targets(50)).toEqual(shown);
  });

  it('of targets that aren’t converted yet is the same as today’s', async () => {
    await load(patient, ...resources);
    await deleteConversions(own.server.db);
    await load(patient, provenance(50, ...named));
    expect(await targets(50)).toEqual(shown);
  });
});

/**
 * The server finds up to 32 changed resources by their ids, and more with one scan. Both ways must give the same
 * result.
 */
describe.each([32, 33])('%i prescriptions that change in one load', (count) => {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const all = (changes: object) => numbers.map((number) => request(number, changes));
  const later = numbers.map((number) => ({
    told: provenance(1000 + number, to('MedicationRequest', number)),
    after: request(2000 + number, { priorPrescription: to('MedicationRequest', number, { display: 'before' }) }),
    plan: made('CarePlan', 3000 + number, {
      status: 'active',
      intent: 'plan',
      supportingInfo: [to('MedicationRequest', number, { display: 'why' })],
    }),
    statement: made('MedicationStatement', 4000 + number, {
      status: 'active',
      medicationCodeableConcept: { text: 'Aspirin' },
      derivedFrom: [to('MedicationRequest', number, { display: 'said' })],
    }),
  }));
  const together = provenance(999, ...numbers.map((number) => to('MedicationRequest', number)));
  const others = made('Observation', 998, { status: 'final', code: { text: 'x' } });

  async function expectAll(reference: (number: number) => string | undefined, isOrder: boolean) {
    const led = (number: number) => {
      const to = reference(number);
      return to === undefined ? {} : { reference: to };
    };
    const nameless = (number: number) => (reference(number) === undefined ? HIDDEN : led(number));
    expect(await targets(999)).toEqual(numbers.map(nameless));
    for (const number of numbers) {
      expect(await targets(1000 + number)).toEqual([nameless(number)]);
      const [after, plan, statement] = await Promise.all([
        read(`/MedicationOrder/${id(2000 + number)}`),
        read(`/CarePlan/${id(3000 + number)}`),
        read(`/MedicationStatement/${id(4000 + number)}`),
      ]);
      expect(after['priorPrescription']).toEqual({ ...(isOrder ? led(number) : {}), display: 'before' });
      expect(plan['support']).toEqual([{ ...led(number), display: 'why' }]);
      expect(statement['supportingInformation']).toEqual([{ ...led(number), display: 'said' }]);
    }
  }

  it('are updated in all resources that refer to them', async () => {
    await load(patient, others, ...all({}));
    await load(patient, together, ...later.flatMap((one) => Object.values(one)));
    await expectAll((number) => `MedicationOrder/${id(number)}`, true);
    await load(...all({ intent: 'plan', reportedBoolean: true }));
    await expectAll((number) => `MedicationStatement/medicationrequest-${id(number)}`, false);
    await load(...all({ intent: 'proposal' }));
    await expectAll(() => undefined, false);
    await load(...all({ status: 'completed' }));
    await expectAll((number) => `MedicationOrder/${id(number)}`, true);
  });

  it('if half of them change: the others don’t change', async () => {
    await load(patient, others, ...all({}), together, ...later.flatMap((one) => Object.values(one)));
    await load(...all({ doNotPerform: true }).slice(0, Math.ceil(count / 2)));
    expect(await targets(999)).toEqual(
      numbers.map((number) => (number <= Math.ceil(count / 2) ? HIDDEN : to('MedicationOrder', number))),
    );
  });

  it('also if the resources that refer to them change in the same load', async () => {
    await load(patient, others, ...all({}), ...later.flatMap((one) => Object.values(one)), together);
    await load(
      ...all({ intent: 'plan', reportedBoolean: true }),
      ...later.map(({ plan }) => ({ ...plan, title: 'Changed' })),
      {
        ...together,
        recorded: '2022-01-01T00:00:00Z',
      },
    );
    await expectAll((number) => `MedicationStatement/medicationrequest-${id(number)}`, false);
  });
});
