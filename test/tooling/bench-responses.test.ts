import { expect, it } from 'vitest';
import { createResponseReader } from '../../bench/against/http-connection.ts';

const WITH_LENGTH = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1A\r\n, this is a second part;\r\n\r\n0\r\n\r\n';
const EMPTY = 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n';
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n';

const RESPONSES = [
  [WITH_LENGTH, 200, 'hello'],
  [CHUNKED, 200, 'hello, this is a second part;\r\n'],
  [EMPTY, 401, ''],
  [NO_CONTENT, 204, ''],
] as const;

it('the bench finds the end of each response, wherever the network divides it', () => {
  for (const [text, status, body] of RESPONSES) {
    const data = Buffer.from(text);
    for (let first = 1; first < data.length; first += 1) {
      for (let second = first; second < data.length; second += 7) {
        const read: unknown[] = [];
        const reader = createResponseReader(true, (...response) => read.push(response));
        // The connection is kept, so a second response follows the first.
        for (const _ of [1, 2])
          for (const part of [data.subarray(0, first), data.subarray(first, second), data.subarray(second)])
            if (part.length > 0) reader(part);
        expect(read).toEqual([
          [status, body],
          [status, body],
        ]);
      }
    }
  }
});
