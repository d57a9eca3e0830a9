import { Problem } from '../../kernel/index.ts';
import { readMetadata } from './read-metadata.ts';
import type { Registrar, RegistrationFault, WantedApp } from './registrar.ts';

const LONGEST_MESSAGE = 2000;

/** The app that the metadata describes. Throws one problem that lists everything wrong with it. */
export function wantedApp(registrar: Registrar, sent: Readonly<Record<string, unknown>>): WantedApp {
  const { wanted, faults } = readMetadata(sent);
  // Stop here: values that couldn't be parsed are missing below and would cause misleading errors.
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
