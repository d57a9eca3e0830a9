import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePatientSearch } from '../../../src/enrollment/patient-list/parse-search.ts';

const textOf = (query: string) => parsePatientSearch(query)?.criteria;

describe('a patient search query', () => {
  it('that is empty matches everyone', () => {
    for (const query of ['', '   ', '\0']) expect(parsePatientSearch(query)).toEqual({ criteria: [], number: '' });
  });

  it('is words, regardless of case and accents', () => {
    expect(textOf('Núñez ÁNA')).toEqual([
      { kind: 'text', text: 'nunez', number: 'nunez' },
      { kind: 'text', text: 'ana', number: 'ana' },
    ]);
    expect(textOf("O'Hara")).toEqual([{ kind: 'text', text: 'o hara', number: 'ohara' }]);
  });

  it.each(['7/4/1974', '07/04/1974', '7-4-1974', '1974-07-04', '1974-7-4'])('is a birth date: %s', (query) => {
    expect(textOf(query)).toEqual([{ kind: 'birth-date', date: '1974-07-04' }]);
  });

  it.each(['2/30/1974', '13/1/1974', '1974-00-10', '0000-01-01', '7/4/74'])('is not a calendar day: %s', (query) => {
    expect(textOf(query)?.map(({ kind }) => kind)).toEqual(['text']);
  });

  it('is a number in groups, which is also compared with whole MRNs', () => {
    expect(parsePatientSearch('00-12 34')).toMatchObject({ number: '001234' });
    expect(textOf('MRN 0012')).toEqual([{ kind: 'text', text: '0012', number: '0012' }]);
    expect(textOf('born 7/4/1974')).toEqual([{ kind: 'birth-date', date: '1974-07-04' }]);
    expect(textOf('fecha de nacimiento 7/4/1974')).toEqual([{ kind: 'birth-date', date: '1974-07-04' }]);
    expect(textOf('Max Born')).toHaveLength(2);
  });

  it('of only punctuation matches no one', () => {
    for (const query of ['%', '_', '***', "'", '--', '💥']) expect(parsePatientSearch(query)).toBeUndefined();
  });

  it('always becomes a few words, none of which matches more than itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (query) => {
        const { criteria = [] } = parsePatientSearch(query) ?? {};
        expect(criteria.length).toBeLessThanOrEqual(10);
        for (const one of criteria) if (one.kind === 'text') expect(one.text + one.number).toMatch(/^[\p{L}\p{N} ]+$/u);
      }),
    );
  });
});
