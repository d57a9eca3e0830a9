import { describe, expect, it } from 'vitest';
import type { ServedType } from '../../model/fhir-version.ts';
import { r4 } from '../../r4/index.ts';
import { assertVersionIndexed } from './assert-version-indexed.ts';

const type = (changes: Partial<ServedType>): ServedType => ({
  name: 'Trouble',
  stored: 'Condition',
  compartment: 'record',
  parameters: [],
  ...changes,
});

describe('checkVersion', () => {
  it('accepts a version whose parameters all have an index', () => {
    expect(() => assertVersionIndexed(r4)).not.toThrow();
    expect(() => assertVersionIndexed({ ...r4, projection: 'trouble', types: [type({})] })).not.toThrow();
  });

  it.each([
    [
      'a parameter of an embedded type that the version does not have',
      type({ parameters: [{ kind: 'token', name: 'what', index: 'code', documentation: '', within: true }] }),
      /parameter what has no index/,
    ],
    ['a type stored in another kind of compartment', type({ stored: 'Location' }), /lives in the practice/],
    [
      'a parameter without index',
      type({ parameters: [{ kind: 'date', name: 'when', index: 'date', documentation: '' }] }),
      /parameter when has no index/,
    ],
    [
      'a token parameter on a date index',
      type({ parameters: [{ kind: 'token', name: 'when', index: 'onset-date', documentation: '' }] }),
      /no index/,
    ],
    ['a type that is not stored', type({ stored: 'Account' }), /not a stored type/],
  ])('rejects %s', (_what, types, message) => {
    expect(() => assertVersionIndexed({ ...r4, projection: 'trouble', types: [types] })).toThrow(message);
  });
});
