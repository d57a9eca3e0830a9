import { describe, expect, it } from 'vitest';
import { rethrowWithCode } from './lost-connection.ts';

function codeOf(message: string, code: string): unknown {
  try {
    return rethrowWithCode(Object.assign(new Error(message), { code }));
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('a lost worker of Citus counts as a lost connection', () => {
  it.each([
    'SSL SYSCALL error: EOF detected',
    'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally',
    'could not receive data from server: Connection reset by peer',
    'failure on connection marked as essential: 127.0.0.1:5432',
  ])('%s', (message) => expect(codeOf(message, 'XX000')).toBe('08006'));

  it('other internal errors don’t', () => {
    expect(codeOf('cache lookup failed for relation 1', 'XX000')).toBe('XX000');
    expect(codeOf('SSL SYSCALL error: EOF detected', '42P01')).toBe('42P01');
  });
});
