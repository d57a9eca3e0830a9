import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const cursor = {
  sort: '-main',
  position: '2014-08-19 05:16:46.001+00',
  id: '00c7f717-4030-5582-2ed8-888ad2bc878e',
  total: 120,
  asOf: '2026-11-02 09:00:00+00',
  search: 'AbCd-_012345',
};
const forged = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const { sort, position, id, total, asOf, search } = cursor;

describe('cursors', () => {
  it('survive encoding and decoding', () => {
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
    expect(decodeCursor(encodeCursor({ ...cursor, position: '-infinity' }))).toEqual({
      ...cursor,
      position: '-infinity',
    });
    for (const more of [{ practice: 2 }, { variantIndex: 1 }, { practice: 2, variantIndex: 0 }]) {
      expect(decodeCursor(encodeCursor({ ...cursor, ...more }))).toEqual({ ...cursor, ...more });
    }
    for (const isShared of [true, false]) {
      const patient = { id, isOfMoves: isShared, before: { position, id, isShared } };
      const byPatient = { ...cursor, position: '-infinity', patient };
      expect(decodeCursor(encodeCursor(byPatient))).toEqual(byPatient);
    }
  });

  it.each([
    ['nothing', ''],
    ['text that is not JSON', 'abc'],
    ['JSON that is not an array', forged({ id })],
    ['too few parts', forged([sort, position, id, total, asOf])],
    ['too many parts', forged([sort, position, id, total, asOf, search, 1, 2, 3])],
    ['a variant that is text', forged([sort, position, id, total, asOf, search, null, '1'])],
    ['no practice and no variant', forged([sort, position, id, total, asOf, search, null])],
    ['a practice that is text', forged([sort, position, id, total, asOf, search, '1'])],
    ['an invalid day', forged([sort, '2014-02-30 05:16:46+00', id, total, asOf, search])],
    ['an invalid hour', forged([sort, '2014-02-03 25:16:46+00', id, total, asOf, search])],
    ['an invalid main date', forged([sort, `${id}/before/2014-02-30 05:16:46+00/${id}`, id, total, asOf, search])],
    ['no id for a main date', forged([sort, `${id}/before/${position}`, id, total, asOf, search])],
    ['SQL', forged([sort, "'; drop table resource; --", id, total, asOf, search])],
    ['an invalid id', forged([sort, position, 'x', total, asOf, search])],
    ['a negative total', forged([sort, position, id, -1, asOf, search])],
    ['a total that is text', forged([sort, position, id, '1', asOf, search])],
    ['the year 0000 as position', forged([sort, '0000-01-01 00:00:00+00', id, total, asOf, search])],
    ['the year 0000 as asOf', forged([sort, position, id, total, '0000-02-29 00:00:00+00', search])],
    ['no search digest', forged([sort, position, id, total, asOf, null])],
    ['a malformed search digest', forged([sort, position, id, total, asOf, `${search}x`])],
    ['a malformed asOf', forged([sort, position, id, total, 'now', search])],
  ])('with %s are rejected', (_name, text) => {
    expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ code: 'search-invalid', status: 400 }));
  });

  it('are rejected for any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue().map(forged)), (text) => {
        expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ status: 400 }));
      }),
      { seed: 1 },
    );
  });
});
