import { describe, expect, it } from 'vitest';
import { allowedGrounds } from './grounds.ts';

describe('patient apps are not vetted on merit', () => {
  it.each(['reject', 'suspend'] as const)('%s: only for authenticity or a security risk', (action) => {
    expect(allowedGrounds('patient', action)).toEqual(['authenticity', 'security-risk']);
    for (const kind of ['staff', 'backend'] as const) expect(allowedGrounds(kind, action)).toContain('other');
  });

  it('are also retired when their developer asks', () => {
    expect(allowedGrounds('patient', 'retire')).toEqual(['authenticity', 'security-risk', 'asked-by-developer']);
  });
});
