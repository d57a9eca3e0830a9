import { Problem } from '../../kernel/index.ts';
import { readMetadata } from './read-metadata.ts';
import type { Registrar, RegistrationFault, WantedApp } from './registrar.ts';

const LONGEST_MESSAGE = 2000;

/** The app that a request describes, or everything that is wrong with it. */
export function wantedApp(registrar: Registrar, sent: Readonly<Record<string, unknown>>): WantedApp {
  const { wanted, faults } = readMetadata(sent);
  // What could not be read has left gaps that are no faults of their own.
  requireFaultless(faults);
  requireFaultless(registrar.faults(wanted));
  return wanted;
}

/** RFC 7591 §3.2.2 */
export function requireFaultless(faults: readonly RegistrationFault[]): void {
  if (faults.length === 0) return;
  const message = faults
    .map((fault) => fault.message)
    .join(' ')
    .slice(0, LONGEST_MESSAGE);
  const code = faults.some(({ about }) => about === 'redirect_uris')
    ? 'invalid_redirect_uri'
    : 'invalid_client_metadata';
  throw new Problem(code, { status: 400, message });
}
