import { expect, it } from 'vitest';
import { fatalErrorLine } from './fatal-error.ts';

it('an unexpected error is one line of the JSON log, with its code and place but not its message', () => {
  const error = Object.assign(new Error('value (secret)\nof a column'), { code: '22P02' });
  const line = fatalErrorLine(error, { LOG_FORMAT: 'json' });
  expect(line).not.toMatch(/\n|secret/);
  expect(JSON.parse(line ?? '')).toMatchObject({
    level: 60,
    msg: expect.stringContaining('unexpected error'),
    trace: { name: 'Error', code: '22P02', frames: expect.arrayContaining([expect.stringContaining('at ')]) },
  });
  expect(fatalErrorLine(error, {})).toBeUndefined();
});
