import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { formatConcept } from './concept.ts';
import { readConsumerNames } from './consumer-names.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'consumer-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (content: string): string => {
  const file = path.join(folder, 'names.json');
  writeFileSync(file, content);
  return file;
};
const POTASSIUM = { system: 'http://loinc.org', code: '2823-3' };
const NAMES = [
  { ...POTASSIUM, language: 'en', name: 'Potassium, blood' },
  { ...POTASSIUM, language: 'es', name: 'Potasio en la sangre' },
];

it('a plain name comes before the name that the practice sent', () => {
  const names = readConsumerNames(write(JSON.stringify(NAMES)));
  const concept = { text: 'K+', coding: [{ system: 'urn:lab', code: 'K' }, POTASSIUM] };
  const nameIn = (language: 'en' | 'es', value: unknown) =>
    formatConcept(value, (coding) => names.find(language, coding));
  expect(nameIn('en', concept)).toBe('Potassium, blood (K+)');
  expect(nameIn('es', concept)).toBe('Potasio en la sangre (K+)');
  expect(nameIn('en', { ...concept, text: 'potassium, blood' })).toBe('potassium, blood');
  expect(nameIn('en', { text: 'Sodium', coding: [{ ...POTASSIUM, code: '2951-2' }] })).toBe('Sodium');
});

it('without a file, terms have only the names that the practice sent', () =>
  expect(readConsumerNames(undefined).find('en', POTASSIUM)).toBeUndefined());

it.each([
  ['[', 'isn’t valid JSON'],
  ['{}', 'must contain an array'],
  [JSON.stringify([...NAMES, { ...POTASSIUM, language: 'fr', name: 'Potassium' }]), 'Its entry 3 needs system, code'],
  ['[null]', 'Its entry 1 needs'],
])('a file with %s is an error: %s', (content, message) =>
  expect(() => readConsumerNames(write(content))).toThrow(message),
);
