import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dstu2 } from '../../../../src/fhir/index.ts';
import { typeVariants } from '../../../../src/fhir/model/type-variants.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';

interface Defined {
  readonly base: string;
  readonly code: string;
  readonly type: string;
}

/**
 * DSTU2 search parameters that this server doesn't support, because R4 has no such element or the index has no such
 * value.
 */
const LEFT_OUT: Readonly<Record<string, string>> = {
  Patient: 'animal-breed animal-species',
  Condition: 'age',
  Medication: 'container content',
  Observation: 'code-value-[x] component-code-value-[x] component-value-string related related-type',
  CarePlan: 'related relatedcode',
  Encounter: 'length',
  DocumentReference: 'created related-id relationship',
  Provenance: 'agent entity entitytype userid',
  DiagnosticOrder: 'event-status event-status-date item-date item-past-status item-status item-status-date',
  Immunization: 'dose-sequence',
  Location: 'near near-distance',
};

function defined(): readonly Defined[] {
  if (SHARED_DATA === undefined) return [];
  const file = path.join(SHARED_DATA, 'dstu2-definitions/structures/search-parameters.json');
  const { entry } = JSON.parse(readFileSync(file, 'utf8')) as { entry: readonly { readonly resource: Defined }[] };
  return entry.map(({ resource }) => resource);
}

describe.runIf(SHARED_DATA !== undefined)('FHIR DSTU2, search parameters of the served types', () => {
  const all = defined();

  it.each(dstu2.types.map((type) => [type.name, type] as const))('%s has those of the specification', (name, type) => {
    const served = new Map(
      typeVariants(type).flatMap(({ parameters }) => parameters.map((one) => [one.name, one.kind] as const)),
    );
    const own = all.filter(({ base }) => base === name);
    const lacking = own.filter(({ code }) => !served.has(code)).map(({ code }) => code);
    expect(lacking.toSorted().join(' ')).toBe(LEFT_OUT[name] ?? '');
    for (const { code, type: kind } of own) expect([undefined, 'patient', kind]).toContain(served.get(code));
  });
});
