import { expect, it } from 'vitest';
import { sandboxData } from '../support/sandbox.ts';
import { formsOf } from './convert.ts';

it('every DSTU2 Encounter of the sandbox says in one line what it was: kind, day and who was seen', () => {
  const ana = sandboxData().people[0]?.resources ?? [];
  const texts = ana
    .filter(({ resourceType }) => resourceType === 'Encounter')
    .flatMap(formsOf)
    .map((encounter) => encounter['text']);
  expect(texts.length).toBeGreaterThan(20);
  const line = /^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"><p>[^<,]+, [A-Z][a-z]+ \d+, \d{4}, [^<]+<\/p><\/div>$/;
  for (const text of texts) expect(text).toEqual({ status: 'generated', div: expect.stringMatching(line) });
});
