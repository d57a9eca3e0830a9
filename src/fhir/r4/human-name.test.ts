import { describe, expect, it } from 'vitest';
import { formatHumanName, personName, withoutTitles } from './human-name.ts';

const named = (...name: readonly object[]) => personName({ resourceType: 'Patient', name });

describe('the name of a person, FHIR R4 HumanName', () => {
  it.each([
    // Synthea (synthea-r4, synthea-uscore-10): a courtesy title isn't part of the name, and numbers in names stay.
    [{ use: 'official', family: 'Marks', given: ['Wilson'], prefix: ['Mr.'] }, 'Wilson Marks'],
    [
      { family: 'Jefferson174', given: ['Ronald408', 'MacGyver246'], prefix: ['Mr.'] },
      'Ronald408 MacGyver246 Jefferson174',
    ],
    [{ family: 'Gleason', given: ['Mariam'], prefix: ['Dr.'] }, 'Dr. Mariam Gleason'],
    [{ family: 'Harris', given: ['Lanny'], prefix: ['Mr.'], suffix: ['PhD'] }, 'Lanny Harris, PhD'],
    [{ family: 'Luz', given: ['María'], prefix: ['Sra.'] }, 'María Luz'],
    // US Core Patient example.
    [{ use: 'usual', family: 'Shaw', given: ['Amy', 'V.'] }, 'Amy V. Shaw'],
    [{ family: 'Stone', given: ['Leonard'], suffix: ['Jr.'] }, 'Leonard Stone, Jr.'],
    [{ family: 'Stone', given: ['Leonard'], suffix: ['III', 'MD'] }, 'Leonard Stone III, MD'],
    [{ text: 'STONE, JOAN', family: 'Stone', given: ['Joan'] }, 'Joan Stone'],
    [{ text: 'Joan Stone', family: 'Stone' }, 'Joan Stone'],
    [{ text: ' As  written ' }, 'As written'],
    [{ given: ['Cher'] }, 'Cher'],
    [{ given: [null, 4, 'Ann', ''] }, 'Ann'],
    [{ prefix: ['Mr.'] }, undefined],
    [{ family: 7, given: 'x' }, 'x'],
  ])('%j is %s', (name, text) => expect(formatHumanName(name)).toBe(text));

  it('is the official one, otherwise the usual one, otherwise one without a use', () => {
    const [old, usual, official] = [
      { use: 'old', family: 'Maiden', given: ['Jo'] },
      { use: 'usual', family: 'Stone', given: ['Jo'] },
      { use: 'official', family: 'Stone', given: ['Joan'] },
    ];
    expect(named(old, usual, official)).toBe('Joan Stone');
    expect(named(old, { use: 'nickname', given: ['Jojo'] }, { family: 'Now' }, usual)).toBe('Jo Stone');
    expect(named({ use: 'nickname', given: ['Jojo'] }, { family: 'Now' })).toBe('Now');
  });

  it('is a former one only if there is no other', () => {
    const [maiden, ended] = [
      { use: 'maiden', family: 'Jacobi', given: ['Kristie'] },
      { use: 'usual', family: 'Ended', given: ['Kristie'], period: { end: '2016-12-06' } },
    ];
    expect(named(maiden, ended, { use: 'temp', family: 'Effertz' })).toBe('Effertz');
    expect(named(maiden)).toBe('Kristie Jacobi');
    expect(named(maiden, { use: 'official' })).toBe('Kristie Jacobi');
    expect(named()).toBeUndefined();
  });

  it('has no line breaks or text direction marks', () =>
    expect(formatHumanName({ text: 'Jane\r\nBcc: x\u202ey\u0000' })).toBe('Jane Bcc: xy'));
});

it.each([
  ['Mr. Wilson Marks', 'Wilson Marks'],
  ['Dr. Jo Stone, Jr.', 'Jo Stone'],
  ['Sra. María Luz', 'María Luz'],
  ['Abe604 Frami345', 'Abe604 Frami345'],
  ['Dr.', 'Dr.'],
])('%s without titles is %s', (name, plain) => expect(withoutTitles(name)).toBe(plain));
