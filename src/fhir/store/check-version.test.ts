import { describe, expect, it } from 'vitest';
import type { ServedType } from '../core/version.ts';
import { r4 } from '../r4/index.ts';
import { checkVersion } from './check-version.ts';

const type = (changes: Partial<ServedType>): ServedType => ({
  name: 'Trouble',
  stored: 'Condition',
  home: 'record',
  parameters: [],
  ...changes,
});

describe('a version held against the index', () => {
  it('passes when all it names is there', () => {
    expect(() => checkVersion(r4)).not.toThrow();
    expect(() => checkVersion({ ...r4, projection: 'trouble', types: [type({})] })).not.toThrow();
  });

  it.each([
    [
      'a parameter of a part that the version does not have',
      type({ parameters: [{ kind: 'token', name: 'what', index: 'code', documentation: '', within: true }] }),
      /parameter what has no index/,
    ],
    ['the wrong home', type({ stored: 'Location' }), /lives in the practice/],
    [
      'a parameter without index',
      type({ parameters: [{ kind: 'date', name: 'when', index: 'date', documentation: '' }] }),
      /parameter when has no index/,
    ],
    [
      'a token parameter asked of a date',
      type({ parameters: [{ kind: 'token', name: 'when', index: 'onset-date', documentation: '' }] }),
      /no index/,
    ],
    ['a type that is not stored', type({ stored: 'Account' }), /not a stored type/],
  ])('fails with %s', (_what, types, message) => {
    expect(() => checkVersion({ ...r4, projection: 'trouble', types: [types] })).toThrow(message);
  });
});
