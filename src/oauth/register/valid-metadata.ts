import type { ClientMetadata } from '../../domain/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { ClientRegistrar, RegistrationError } from './client-registrar.ts';
import { parseClientMetadata } from './parse-metadata.ts';

const MAX_MESSAGE_LENGTH = 2000;

/** Parses the metadata and validates the app that it describes. Throws one problem that lists all errors. */
export function parseValidMetadata(
  registrar: ClientRegistrar,
  sent: Readonly<Record<string, unknown>>,
): ClientMetadata {
  const { wanted, errors } = parseClientMetadata(sent);
  // Stop before further checks: values that couldn't be parsed are missing and would cause misleading errors.
  requireNoErrors(errors);
  requireNoErrors(registrar.check(wanted));
  return wanted;
}

/** Throws one problem that lists all errors (RFC 7591 §3.2.2). Does nothing if there are no errors. */
export function requireNoErrors(errors: readonly RegistrationError[]): void {
  if (errors.length === 0) return;
  const message = errors
    .map((error) => error.message)
    .join(' ')
    .slice(0, MAX_MESSAGE_LENGTH);
  const code = errors.some(({ about }) => about === 'redirect_uris')
    ? 'invalid_redirect_uri'
    : 'invalid_client_metadata';
  throw new Problem(code, { status: 400, message });
}
