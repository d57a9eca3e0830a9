import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { dataFiles, withData } from '../../../test/support/fhir/published-data.ts';
import { SHARED_DATA } from '../../../test/support/fhir/shared-data.ts';
import { readPackage } from '../../../test/us-core/read-package.ts';
import { getMessages, LANGUAGES } from '../../i18n/index.ts';
import { isObject } from '../../kernel/index.ts';
import { formatUnit } from './units.ts';

/** Yields each Quantity of a resource that has a unit. */
function* quantitiesIn(node: unknown): Generator<Record<string, unknown>> {
  if (isObject(node) && node['value'] !== undefined && (node['unit'] ?? node['code']) !== undefined) yield node;
  if (typeof node === 'object' && node !== null) for (const part of Object.values(node)) yield* quantitiesIn(part);
}

/** Returns the different units of Synthea, Inferno, the examples of US Core, and the examples of DSTU2. */
function publishedUnits(): readonly Record<string, unknown>[] {
  if (SHARED_DATA === undefined) return [];
  const files = [
    ...dataFiles('inferno-reference-data/resources', '.json'),
    ...dataFiles('argonaut-dstu2/examples', '.json'),
    ...dataFiles('dstu2-spec-examples/json', '.json'),
    ...dataFiles('synthea-r4', '.json').slice(0, 2),
  ];
  const resources = [
    ...files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as unknown),
    ...[...readPackage(path.join(SHARED_DATA, 'us-core-igs/us_core_800.tgz'))].map(([, json]) => json),
  ];
  const units = [...quantitiesIn(resources)].map(({ unit, code, system }) => JSON.stringify({ unit, code, system }));
  return [...new Set(units)].map((json) => JSON.parse(json) as Record<string, unknown>);
}

/** Marks that only machines read: brackets and braces of UCUM, `10*3`, a micro sign, and a slash at the beginning. */
const UNREADABLE = /[[\]{}*^]|µg|\bug\b|\bIU\b|\bU\b|^\/|m2\b/;

it.runIf(SHARED_DATA)(withData('no unit in published health records is shown in a form for machines'), () => {
  const units = publishedUnits();
  expect(units.length).toBeGreaterThan(120);
  for (const language of LANGUAGES) {
    const { units: messages } = getMessages(language).patientPortal.patientRecord.values;
    const shown = units.map((unit) => ({ unit, text: formatUnit(unit, messages) }));
    expect(shown.filter(({ text }) => UNREADABLE.test(text) || text.endsWith('.'))).toEqual([]);
  }
});
