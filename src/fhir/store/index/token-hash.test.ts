import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { codeTokens, referenceToken, valueToken } from './token-hash.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapAfter(work: () => void): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  work();
  collectGarbage();
  return process.memoryUsage().heapUsed - before;
}

const long = (number: number) => `${number}-`.padEnd(14_000, 'x');

describe('tokens of long texts', () => {
  it('are not cached, so searches with long values can’t fill the memory', () => {
    const kept = heapAfter(() => {
      for (let number = 0; number < 1000; number++) {
        valueToken('code', { system: undefined, code: long(number) });
        valueToken('code', { system: long(number), code: undefined });
        referenceToken('target', { type: undefined, id: long(number) });
      }
    });
    expect(kept).toBeLessThan(4_000_000);
  });

  it('match the token of the stored code', () => {
    const code = { system: 'urn:system', code: long(1) };
    expect(codeTokens('code', code, false)).toContain(valueToken('code', { ...code, code: code.code.toUpperCase() }));
    expect(codeTokens('code', code, false)).not.toContain(valueToken('code', { ...code, code: long(2) }));
  });
});
