import { expect, it } from 'vitest';
import { areErrorsRising } from './rising-errors.ts';

const usual = { requests: 1000, errors: 10 };

it.each([
  ['20 errors in 200 requests, where 1 % was usual', { requests: 200, errors: 20 }, usual, true],
  ['only 19 errors', { requests: 19, errors: 19 }, usual, false],
  ['fewer than 10 % of the requests', { requests: 201, errors: 20 }, usual, false],
  ['less than three times as many as usual', { requests: 100, errors: 29 }, { requests: 1000, errors: 100 }, false],
  ['three times as many as usual', { requests: 100, errors: 30 }, { requests: 1000, errors: 100 }, true],
  ['a new app, of which nothing is usual', { requests: 50, errors: 50 }, { requests: 99, errors: 0 }, false],
  ['failed token requests, which are no data requests', { requests: 0, errors: 20 }, usual, true],
  ['an app that always fails', { requests: 100, errors: 100 }, { requests: 1000, errors: 900 }, false],
  ['no requests at all', { requests: 0, errors: 0 }, usual, false],
] as const)('%s', (_name, recent, before, expected) => expect(areErrorsRising(recent, before)).toBe(expected));
