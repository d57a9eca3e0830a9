import { describe, expect, it } from 'vitest';
import { DSTU2_VARIANTS } from '../../../../src/fhir/dstu2/convert/conversions.ts';
import { convertResource } from '../../../../src/fhir/dstu2/convert/convert-resource.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { FULL } from '../fixtures/full-resources.ts';

/** FHIR R4, BackboneElement: the parts of resources that may have a modifier extension. */
const PARTS: Readonly<Record<string, string>> = {
  Patient: 'contact communication link',
  AllergyIntolerance: 'reaction',
  CarePlan: 'activity activity.detail',
  CareTeam: 'participant',
  Condition: 'stage evidence',
  Device: 'udiCarrier deviceName version',
  DiagnosticReport: 'media',
  DocumentReference: 'relatesTo content context',
  Encounter: 'statusHistory participant diagnosis hospitalization location',
  Goal: 'target',
  Immunization: 'performer reaction protocolApplied',
  Location: 'position',
  Medication: 'ingredient batch',
  MedicationRequest: 'dosageInstruction dispenseRequest substitution',
  MedicationStatement: 'dosage',
  Observation: 'referenceRange component',
  Organization: 'contact',
  Practitioner: 'qualification',
  Procedure: 'performer focalDevice',
  Provenance: 'agent entity',
  QuestionnaireResponse: 'item',
  Specimen: 'collection processing container',
};

type Part = Record<string, unknown>;
const WARNING = { modifierExtension: [{ url: 'https://example.org/changes-the-meaning', valueBoolean: true }] };

/** Returns a copy of the resource with a change to each part at a path. */
function changed(resource: Resource, path: readonly string[], change: (part: Part) => Part | undefined): Resource {
  const [name = '', ...rest] = path;
  const at = (part: Part): Part | undefined =>
    rest.length === 0 ? change(part) : (changed(part as never, rest, change) as unknown as Part);
  const value = (resource as unknown as Part)[name];
  if (value === undefined) return resource;
  const made = Array.isArray(value)
    ? value.map((one) => at(one as Part)).filter((one) => one !== undefined)
    : at(value as Part);
  return { ...resource, [name]: Array.isArray(made) && made.length === 0 ? undefined : made } as Resource;
}

const cases = Object.entries(PARTS).flatMap(([stored, paths]) =>
  paths
    .split(' ')
    .flatMap((path) =>
      DSTU2_VARIANTS.filter((form) => form.stored === stored).flatMap(({ type }) =>
        (FULL[stored] ?? []).map((resource, number) => ({ stored, path, type, resource, number })),
      ),
    ),
);

describe('a modifier extension is never dropped silently', () => {
  it.each(cases)('$path of $stored in $type, of the full resource $number', ({ path, type, resource }) => {
    const steps = path.split('.');
    const warned = convertResource(
      changed(resource, steps, (part) => ({ ...part, ...WARNING })),
      type,
    );
    const without = convertResource(
      changed(resource, steps, () => undefined),
      type,
    );
    const isShown = JSON.stringify(warned).includes(WARNING.modifierExtension[0]?.url ?? '');
    if (!isShown) expect(warned).toEqual(without);
  });

  it('of each listed part is tested', () => {
    const there = cases.filter(
      ({ path, resource }) => (resource as unknown as Part)[path.split('.')[0] ?? ''] !== undefined,
    );
    const tried = new Set(there.map(({ stored, path }) => `${stored}.${path}`));
    expect(tried.size).toBe(Object.values(PARTS).flatMap((paths) => paths.split(' ')).length);
  });
});
