import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  covers,
  coversAll,
  intersect,
  parseScope,
  parseScopes,
  printScope,
  printScopes,
  type Scope,
  withoutTypes,
} from './scope.ts';

const one = (text: string): Scope => {
  const scope = parseScope(text);
  if (scope === undefined) throw new Error(`${text} is no scope`);
  return scope;
};
const many = (text: string) => parseScopes(text).scopes;

describe('SMART App Launch 2.2 §3.0.2: the grammar of scopes', () => {
  it.each([
    'openid',
    'fhirUser',
    'launch/patient',
    'offline_access',
    'online_access',
    'patient/*.read',
    'patient/*.*',
    'patient/Observation.rs',
    'patient/Observation.r',
    'user/Practitioner.cruds',
    'system/*.rs',
    'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
  ])('%s is read and printed as it was', (text) => {
    expect(printScope(one(text))).toBe(text);
  });

  it.each([
    'patient/observation.rs',
    'patient/Observation',
    'patient/Observation.sr',
    'patient/Observation.x',
    'patient/Observation.',
    'Patient/Observation.rs',
    'patient/Observation.read?category=x',
    'hasOwnProperty',
    'constructor',
    'patient/Observation.constructor',
    'patient/Observation.toString',
  ])('%s is no scope', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });

  it('sets aside what it does not know and drops doubles', () => {
    expect(parseScopes(' openid  openid nonsense patient/*.read ')).toEqual({
      scopes: [one('openid'), one('patient/*.read')],
      unknown: ['nonsense'],
    });
  });
});

describe('SMART App Launch 2.2 §3.0.2.1: v1 means what v2 spells out', () => {
  it.each([
    ['patient/Observation.read', 'patient/Observation.rs'],
    ['patient/Observation.write', 'patient/Observation.cud'],
    ['patient/Observation.*', 'patient/Observation.cruds'],
  ])('%s and %s cover each other', (v1, v2) => {
    expect(covers(one(v1), one(v2)) && covers(one(v2), one(v1))).toBe(true);
  });
});

describe('what was asked, met with what is held', () => {
  it.each([
    ['patient/*.read', 'patient/*.rs', 'patient/*.read'],
    ['patient/*.rs', 'patient/Observation.read patient/Patient.read', 'patient/Observation.rs patient/Patient.rs'],
    ['patient/Observation.rs', 'patient/*.read', 'patient/Observation.rs'],
    ['patient/Observation.cruds', 'patient/*.rs', 'patient/Observation.rs'],
    ['patient/Observation.*', 'patient/*.rs', 'patient/Observation.read'],
    ['user/*.rs', 'patient/*.rs', ''],
    ['openid offline_access', 'openid', 'openid'],
    ['patient/Observation.rs', 'patient/Observation.rs?category=a', 'patient/Observation.rs?category=a'],
    ['patient/Observation.rs?category=a', 'patient/Observation.rs?category=b', ''],
    ['patient/*.rs', 'patient/*.rs patient/Observation.rs', 'patient/*.rs'],
  ])('%s with %s gives "%s"', (asked, held, met) => {
    expect(printScopes(intersect(many(asked), many(held)))).toBe(met);
  });
});

describe('properties of the algebra', () => {
  const scope = fc.oneof(
    fc.constantFrom('openid', 'fhirUser', 'launch/patient', 'offline_access').map(one),
    fc
      .tuple(
        fc.constantFrom('patient', 'user', 'system'),
        fc.constantFrom('*', 'Patient', 'Observation', 'Condition'),
        fc.constantFrom('read', 'write', '*', 'r', 's', 'rs', 'cruds', 'cud'),
        fc.constantFrom('', '?category=a', '?category=b'),
      )
      .map(
        ([context, type, letters, query]) =>
          `${context}/${type}.${letters}${/^(read|write|\*)$/.test(letters) ? '' : query}`,
      )
      .map(one),
  );
  const list = fc.array(scope, { maxLength: 6 });
  const types = ['Patient', 'Observation', 'Condition'];

  it('printing and reading again changes nothing', () => {
    fc.assert(fc.property(scope, (a) => covers(one(printScope(a)), a) && covers(a, one(printScope(a)))));
  });
  it('covering is reflexive and transitive', () => {
    fc.assert(
      fc.property(scope, scope, scope, (a, b, c) => covers(a, a) && (!(covers(a, b) && covers(b, c)) || covers(a, c))),
    );
  });
  it('what is met is covered by both sides: consent and refresh never widen', () => {
    fc.assert(
      fc.property(list, list, (asked, held) => {
        const met = intersect(asked, held);
        return coversAll(asked, met) && coversAll(held, met);
      }),
    );
  });
  it('what both sides cover survives', () => {
    fc.assert(
      fc.property(list, list, scope, (asked, held, probe) => {
        const both = asked.some((a) => covers(a, probe)) && held.some((b) => covers(b, probe));
        return !both || intersect(asked, held).some((met) => covers(met, probe));
      }),
    );
  });
  it('meeting oneself changes nothing that is allowed', () => {
    fc.assert(fc.property(list, (a) => coversAll(intersect(a, a), a)));
  });
  it('without a type, nothing of that type and everything of the others is left', () => {
    fc.assert(
      fc.property(list, fc.constantFrom(...types), (held, denied) => {
        const left = withoutTypes(held, [denied], types);
        return left.every((s) => s.kind === 'named' || (s.type !== denied && s.type !== '*')) && coversAll(held, left);
      }),
    );
  });
});
