import type { ClientMetadata } from '../../domain/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { ClientRegistrar, RegistrationError } from './client-registrar.ts';
import { parseClientMetadata } from './parse-metadata.ts';

const MAX_MESSAGE_LENGTH = 2000;

/** The app that the metadata describes. Throws one problem that lists everything wrong with it. */
export function parseValidMetadata(
  registrar: ClientRegistrar,
  sent: Readonly<Record<string, unknown>>,
): ClientMetadata {
  const { wanted, faults } = parseClientMetadata(sent);
  // Stop here: values that couldn't be parsed are missing below and would cause misleading errors.
  requireNoErrors(faults);
  requireNoErrors(registrar.check(wanted));
  return wanted;
}

/** RFC 7591 §3.2.2 */
export function requireNoErrors(faults: readonly RegistrationError[]): void {
  if (faults.length === 0) return;
  const message = faults
    .map((fault) => fault.message)
    .join(' ')
    .slice(0, MAX_MESSAGE_LENGTH);
  const code = faults.some(({ about }) => about === 'redirect_uris')
    ? 'invalid_redirect_uri'
    : 'invalid_client_metadata';
  throw new Problem(code, { status: 400, message });
}
