/**
 * Texts that look like a secret and aren’t one: the file, a part of the text that was found, and why it may be there. The
 * part is long enough to mean only this text.
 */
export const EXCEPTIONS = [
  {
    file: 'src/config/config.test.ts',
    text: 'u:p%40@',
    reason: 'The password of a URL with several hosts, for a server that doesn’t exist.',
  },
  {
    file: 'test/developer-api/apps/apps-security.test.ts',
    text: 'user:pass@example.com',
    reason: 'A redirect URI with a password, which the server rejects.',
  },
];
