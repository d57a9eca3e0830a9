import type { SandboxAccount } from '../portal-api/index.ts';
import { CASES, PATIENT_SCENARIOS } from './generator/index.ts';
import { SANDBOX_DESK_USERNAME, SANDBOX_GUARDIAN_USERNAME, SANDBOX_STAFF_USERNAME } from './published-credentials.ts';

/**
 * The accounts of the sandbox that apps can be tried with, in the order in which the developer pages list them. The
 * sandbox's administrator and developer aren't among them.
 */
export const testAccounts: readonly SandboxAccount[] = [
  ...PATIENT_SCENARIOS.map(({ persona: { username, about, covers } }) => ({
    username,
    about,
    covers: covers.map((key) => ({ case: key, text: CASES[key] })),
    kind: 'patient' as const,
  })),
  { username: SANDBOX_GUARDIAN_USERNAME, kind: 'representative', about: '', covers: [] },
  { username: SANDBOX_STAFF_USERNAME, kind: 'clinician', about: '', covers: [] },
  { username: SANDBOX_DESK_USERNAME, kind: 'desk', about: '', covers: [] },
];
