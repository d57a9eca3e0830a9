import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { convert, hidingRule, type Node } from '../fixtures/convert.ts';
import { FULL } from '../fixtures/full-resources.ts';

interface Row {
  readonly r4: string;
  /**
   * How an R4 element relates to DSTU2. `=`: the same element. `=*`: the same element with all its children. `->`: an
   * element with another path. `x`: no such element. `x!`: no such element, and it is a modifier.
   */
  readonly op: '=' | '=*' | '->' | 'x' | 'x!';
  readonly dstu2: string | null;
}

const file = path.join(SHARED_DATA ?? '', '../reference/r4-to-dstu2.json');
const tables: readonly { readonly r4: string; readonly rows: readonly Row[] }[] =
  SHARED_DATA === undefined ? [] : JSON.parse(readFileSync(file, 'utf8'));
const rows = tables
  .filter(({ r4 }) => r4 in FULL)
  .flatMap((table) => table.rows.map((row): [string, Row] => [`${table.r4}.${row.r4}`, row]));

/**
 * Elements that the reference table drops, or uses only when others are missing, with the DSTU2 elements that display
 * them (decisions 007 and 035).
 */
const DISPLAYED_ELSEWHERE: ReadonlyMap<string, readonly string[]> = new Map([
  ['Observation.referenceRange.appliesTo', ['referenceRange.text']],
  ['CarePlan.title', ['description']],
  ['CareTeam.participant.period', ['participant.role.text', 'text']],
  ['Device.deviceName', ['type.text']],
  ['DiagnosticReport.resultsInterpreter', ['performer']],
  ['Encounter.diagnosis.use', ['hospitalization', 'indication']],
  ['Immunization.performer.function', ['performer', 'requester']],
  ['Immunization.reportOrigin', ['reported']],
  ['Immunization.subpotentReason', ['vaccinationProtocol.doseStatusReason', 'note']],
]);

/** A PractitionerRole is converted as a part of its Practitioner. */
const shown = (resource: Resource): Node =>
  resource.resourceType === 'PractitionerRole'
    ? convert({ resourceType: 'Practitioner', id: 'd' }, undefined, { roles: [resource] })
    : convert(resource);

/** Tells whether a JSON key belongs to an element name: `value[x]` has one key for each type. */
const isNamed = (key: string, name: string): boolean =>
  name.endsWith('[x]') ? new RegExp(`^${name.slice(0, -3)}[A-Z]`).test(key) : key === name;

function at(node: unknown, names: readonly string[]): readonly unknown[] {
  const [name, ...rest] = names;
  if (name === undefined) return [node];
  if (Array.isArray(node)) return node.flatMap((item) => at(item, names));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (isNamed(key, name) ? at(value, rest) : []));
}

/** Returns a copy without the values at a path. */
function without(node: unknown, names: readonly string[]): unknown {
  const [name = '', ...rest] = names;
  if (Array.isArray(node)) return node.map((item) => without(item, names));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => {
      if (!isNamed(key, name)) return [[key, value]];
      return rest.length === 0 ? [] : [[key, without(value, rest)]];
    }),
  );
}

/** Converts each resource that has an element, with and without that element. */
function pairs(type: string, row: Row): readonly { readonly with: Node; readonly without: Node }[] {
  const names = row.r4.split('.');
  const holding = (FULL[type] ?? []).filter((resource) => at(resource, names).length > 0);
  return holding.map((resource) => {
    const cut = without(resource, names) as Resource;
    return { with: shown(resource), without: hidingRule(cut) === undefined ? shown(cut) : {} };
  });
}

describe.skipIf(SHARED_DATA === undefined)('the table of R4 and DSTU2 elements (skipped without SHARED_DATA)', () => {
  it('covers all converted types', () => {
    expect(rows.length).toBe(534);
  });

  it.each(rows.filter(([, { op }]) => op === '=' || op === '=*' || op === '->'))(
    '%s has a counterpart',
    (name, row) => {
      const target = row.dstu2?.split('.') ?? [];
      const made = pairs(name.split('.')[0] ?? '', row);
      const placed = made.filter((pair) => at(pair.with, target).length > 0);
      expect(placed.length).toBeGreaterThan(0);
      const changed = placed.filter(
        (pair) => JSON.stringify(at(pair.with, target)) !== JSON.stringify(at(pair.without, target)),
      );
      expect(changed.length).toBeGreaterThan(0);
      const isPart = target.join('.').startsWith(`${row.r4}.`);
      if (row.op !== '->' || isPart || isNamed(row.r4, target.join('.'))) return;
      const stays = made.flatMap((pair) => at(pair.with, row.r4.split('.')));
      expect(stays).toEqual([]);
    },
  );

  it.each(rows.filter(([name, { op }]) => op === 'x' && !DISPLAYED_ELSEWHERE.has(name)))(
    '%s has no counterpart',
    (name, row) => {
      const made = pairs(name.split('.')[0] ?? '', row);
      expect(made.length).toBeGreaterThan(0);
      for (const pair of made) expect(pair.with).toEqual(pair.without);
    },
  );

  it.each([...DISPLAYED_ELSEWHERE])('%s has no counterpart in the table, but is displayed in %s', (name, targets) => {
    const row = rows.find(([other, { op }]) => other === name && op === 'x')?.[1] as Row;
    const made = pairs(name.split('.')[0] ?? '', row);
    const places = targets.map((target) => target.split('.'));
    const isDisplayed = made.map((pair) =>
      places.some((place) => JSON.stringify(at(pair.with, place)) !== JSON.stringify(at(pair.without, place))),
    );
    expect(isDisplayed).toContain(true);
    const rest = (node: Node) => places.reduce<unknown>(without, node);
    for (const pair of made) expect(rest(pair.with)).toEqual(rest(pair.without));
  });

  it.each<[string, unknown]>([
    ['Observation.focus', [{ reference: 'Patient/fetus' }]],
    ['MedicationRequest.doNotPerform', true],
    ['MedicationRequest.intent', 'proposal'],
    ['Medication.status', 'entered-in-error'],
    ['CarePlan.intent', 'option'],
  ])('%s has no counterpart and hides the resource', (name, value) => {
    const [type = '', element = ''] = name.split('.');
    expect(rows.find(([other]) => other === name)?.[1].op).toBe('x!');
    for (const resource of FULL[type] ?? []) expect(hidingRule({ ...resource, [element]: value })).toBeDefined();
  });

  it.each<[string, string, unknown]>([
    ['CareTeam.category', 'category', [{ coding: [{ system: 'http://argonaut.hl7.org', code: 'careteam' }] }]],
    ['CarePlan.intent', 'status', 'proposed'],
    ['Immunization.isSubpotent', 'vaccinationProtocol.doseStatus.coding.code', 'nocount'],
    ['Immunization.isSubpotent', 'note.text', 'Subpotent dose: cold chain'],
  ])('%s has no counterpart, but is displayed in %s', (name, target, value) => {
    const [type = ''] = name.split('.');
    expect(rows.find(([other]) => other === name)?.[1].op).toBe('x!');
    const displayed = (FULL[type] ?? []).map((resource) => at(convert(resource), target.split('.')));
    expect(displayed.map((one) => one.flat())).toContainEqual(expect.arrayContaining([value].flat()));
  });

  it('has no other modifier element', () => {
    expect(rows.filter(([, { op }]) => op === 'x!').length).toBe(7);
  });
});
