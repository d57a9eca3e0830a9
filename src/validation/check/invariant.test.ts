import model from 'fhirpath/fhir-context/r4';
import { describe, expect, it } from 'vitest';
import { CODED_INVARIANTS } from './coded-invariants.ts';
import { createInvariantEvaluator } from './invariant.ts';

const invariants = createInvariantEvaluator(model);
const root = (contained: unknown) => ({ resourceType: 'Observation', contained });
const CODING = { system: 'urn:s', code: 'a' };
const VALUES: Readonly<Record<string, readonly (readonly [value: Record<string, unknown>, contained?: unknown])[]>> = {
  Reference: [
    [{ reference: 'Patient/1' }],
    [{ reference: '#a' }],
    [{ reference: '#a' }, [{ resourceType: 'Patient', id: 'a' }]],
    [{ reference: '#a' }, [{ resourceType: 'Patient', id: 'b' }]],
    [{ reference: '#a' }, [{ resourceType: 'Patient' }, { resourceType: 'Patient', id: 'a' }]],
    [{ reference: 'a#a' }],
    [{ display: 'no reference' }, [{ resourceType: 'Patient', id: 'a' }]],
  ],
  Quantity: [
    [{ value: 1 }],
    [{ value: 1, code: 'g' }],
    [{ value: 1, code: 'g', system: 'urn:s' }],
    [{ value: 1, system: 'urn:s' }],
    [{ value: 1, code: 'g', _system: { extension: [{ url: 'u', valueCode: 'unknown' }] } }],
    [{ value: 1, _code: { extension: [{ url: 'u', valueCode: 'unknown' }] } }],
  ],
  Observation: [
    [{ code: { coding: [CODING] }, component: [{ code: { coding: [CODING] } }] }],
    [{ valueString: 'a', code: { coding: [CODING] }, component: [{ code: { coding: [CODING] } }] }],
    [
      {
        valueString: 'a',
        code: { coding: [CODING] },
        component: [{ code: { coding: [{ code: 'a', system: 'urn:s' }] } }],
      },
    ],
    [
      {
        valueString: 'a',
        code: { coding: [CODING] },
        component: [{ code: { coding: [{ ...CODING, display: 'A' }] } }],
      },
    ],
    [{ valueString: 'a', code: { text: 'a' }, component: [{ code: { text: 'a' } }] }],
    [
      {
        valueString: 'a',
        code: { coding: [CODING] },
        component: [{ code: { text: 'b' } }, { code: { coding: [CODING] } }],
      },
    ],
    [{ valueString: 'a', code: { coding: [CODING] } }],
  ],
};

describe('invariants implemented in code', () => {
  it.each(
    [...CODED_INVARIANTS].map(
      ([expression, inCode], at) => [expression, inCode, Object.keys(VALUES)[at] ?? ''] as const,
    ),
  )('give the same result as FHIRPath: %s', (expression, inCode, type) => {
    // With a trailing space, the expression is a different one, so FHIRPath evaluates it instead of TypeScript.
    const constraint = { key: 'x', severity: 'error', human: '', expression: `${expression} ` } as const;
    const judged = (VALUES[type] ?? []).map(([value, contained]) => {
      const whole = type === 'Observation' ? { resourceType: type, ...value } : root(contained);
      return [
        inCode(value, whole),
        invariants.holds(constraint, type, type === 'Observation' ? whole : value, {
          resource: whole,
          rootResource: whole,
        }),
      ];
    });
    expect(new Set(judged.map(([own]) => own))).toEqual(new Set([true, false]));
    expect(judged.map(([own]) => own)).toEqual(judged.map(([, evaluated]) => evaluated));
  });
});
