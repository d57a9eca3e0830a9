import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { operationOutcome } from '../../../src/fhir/http/operation-outcome.ts';
import { Problem, type ProblemCode } from '../../../src/kernel/index.ts';
import { SUPPORTED_NAMED_SCOPES } from '../../../src/oauth/scopes/grantable-scopes.ts';
import { readGuide } from '../../../src/public-site/docs/guide.ts';
import { CHECKOUT } from '../../support/checkout.ts';

const SOURCE = path.join(CHECKOUT, 'src');
const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(path.join(SOURCE, file), 'utf8'));

/** Source that declares the type of all error codes. A type can't be imported at run time, so the source is read. */
const union = readFileSync(path.join(CHECKOUT, 'src/kernel/problem.ts'), 'utf8');
const codes = [...union.matchAll(/^ {2}\| '([^']+)'/gm)].map(([, code = '']) => code as ProblemCode);
/** Source with the codes that the authorization server returns where no OAuth standard defines one. */
const renderer = readFileSync(path.join(CHECKOUT, 'src/http/oauth-errors.ts'), 'utf8');
const standard = [...renderer.matchAll(/(?:return|\?|:) '([a-z]+_[a-z_]+)'/g)].map(([, code = '']) => code);

/** Text of docs/guide/errors.md under each heading that is a code. */
const sections = new Map(
  readGuide('errors')
    .split(/^### /m)
    .flatMap((text): (readonly [string, string])[] => {
      const [, code, rest = ''] = /^`([^`]+)`\n([\s\S]*)/.exec(text) ?? [];
      return code === undefined ? [] : [[code, rest.split(/^## /m)[0] ?? '']];
    }),
);

describe('docs/guide/errors.md', () => {
  it('has every code of the server, and no others', () => {
    expect(codes.length).toBeGreaterThan(40);
    expect(standard).toContain('server_error');
    expect([...sections.keys()].sort()).toEqual([...new Set([...codes, ...standard])].sort());
  });

  it('has only codes that the server returns', () => {
    const returned = codes.filter((code) =>
      sources.some((text) => text !== union && new RegExp(`['"]${code}['"]`).test(text)),
    );
    expect(codes.filter((code) => !returned.includes(code))).toEqual([]);
  });

  it.each([...sections])('%s: has a meaning, a status and a fix', (_code, text) => {
    expect(text).toMatch(/^\n(?=.*\b\d{3}\b)[^\n]{20,}\n/);
    expect(text).toMatch(/\n\*\*Fix:\*\* [^\n]{5,}/);
  });

  it('names each status that the server returns with a code', () => {
    const thrown = sources.flatMap((text) => [
      ...text.matchAll(/new (?:Person)?Problem\(\s*'([^']+)',\s*\{\s*status: (\d{3})/g),
    ]);
    expect(thrown.length).toBeGreaterThan(40);
    const missing = thrown.filter(([, code = '', status = '']) => !sections.get(code)?.includes(status));
    expect(missing.map(([, code, status]) => `${code} ${status}`)).toEqual([]);
  });

  it('names the FHIR issue type of a code', () => {
    for (const [code, text] of sections) {
      const [, issueCode] = /`issue\.code` `([a-z-]+)`/.exec(text) ?? [];
      if (!codes.includes(code as ProblemCode)) continue;
      const outcome = JSON.parse(
        operationOutcome(new Problem(code as ProblemCode, { status: 400, message: 'x' }), 'id'),
      );
      const type = outcome.issue[0].code;
      expect(issueCode ?? 'processing', code).toEqual(type);
    }
  });
});

it('docs/guide/scopes.md has every scope that does not name a type', () => {
  const text = readGuide('scopes');
  expect(SUPPORTED_NAMED_SCOPES.filter((scope) => !text.includes(`| \`${scope}\` |`))).toEqual([]);
});
