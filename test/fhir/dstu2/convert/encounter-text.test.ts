import { expect, it } from 'vitest';
import { sandboxData } from '../../../support/fhir/sandbox.ts';
import { visibleVariants } from '../fixtures/convert.ts';

it('every DSTU2 Encounter of the sandbox has a one-line narrative: class, date and patient', () => {
  const ana = sandboxData().patients[0]?.resources ?? [];
  const texts = ana
    .filter(({ resourceType }) => resourceType === 'Encounter')
    .flatMap(visibleVariants)
    .map((encounter) => encounter['text']);
  expect(texts.length).toBeGreaterThan(20);
  const line = /^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"><p>[^<,]+, [A-Z][a-z]+ \d+, \d{4}, [^<]+<\/p><\/div>$/;
  for (const text of texts) expect(text).toEqual({ status: 'generated', div: expect.stringMatching(line) });
});
