import type { PasswordCost } from '../../config/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  lockRecordEnrollment,
  markSandboxPatient,
  restoreSandboxStart,
  type SandboxPatient,
  type SandboxStart,
} from '../../enrollment/index.ts';
import {
  createPatientAccount,
  findAccountByUsername,
  findAccountProfile,
  lockAccountById,
  restoreSelfRepresentation,
} from '../../identity/index.ts';
import type { AccountId, Clock, PracticeId, Random, RecordId } from '../../kernel/index.ts';
import { listActiveRecords } from '../../practices/index.ts';
import { ENROLLMENT_SCENARIOS, type GeneratedEnrollmentPatient } from '../generator/index.ts';
import { SANDBOX_DESK_USERNAME } from '../published-credentials.ts';
import type { EnrollmentScenario } from '../scenarios/enrollment-scenarios.ts';
import { displayName } from '../scenarios/persona.ts';

export interface PatientStartDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly passwordCost: PasswordCost;
}

/** Returns the scenario of a marked sandbox patient. Undefined if an earlier release had the patient. */
export const findScenario = ({ persona }: Pick<SandboxPatient, 'persona'>): EnrollmentScenario | undefined =>
  ENROLLMENT_SCENARIOS.find((scenario) => scenario.persona.key === persona);

/**
 * Marks the loaded patients for enrollment and gives each the start of its scenario. A patient who is marked already
 * stays as visitors left it until its reset.
 */
export async function addEnrollmentPatients(
  tx: Executor,
  deps: PatientStartDeps,
  practiceId: PracticeId,
  patients: readonly GeneratedEnrollmentPatient[],
): Promise<void> {
  const records = await listActiveRecords(tx);
  for (const { key, resources } of patients) {
    const record = records.find(({ patientId }) => patientId === resources[0]?.id);
    if (record === undefined) continue;
    const patient = { recordId: record.recordId, practiceId, persona: key };
    await lockRecordEnrollment(tx, record.recordId);
    if (await markSandboxPatient(tx, patient)) await returnToStart(tx, deps, { ...patient, accountId: undefined });
  }
}

/**
 * Gives a marked sandbox patient the invitation, decision or locked account of its scenario. Call it after
 * `lockRecordEnrollment`, and after the accounts of visitors were closed.
 */
export async function returnToStart(
  tx: Executor,
  deps: PatientStartDeps,
  patient: Pick<SandboxPatient, 'recordId' | 'persona' | 'accountId'>,
): Promise<void> {
  const { recordId } = patient;
  const scenario = findScenario(patient);
  const start: SandboxStart =
    scenario === undefined
      ? {}
      : { ...(await toStart(tx, scenario)), accountId: await ensureLockedAccount(tx, deps, patient, scenario) };
  await restoreSandboxStart(tx, { random: deps.random, now: deps.clock.now() }, recordId, start);
}

async function toStart(tx: Executor, { start }: EnrollmentScenario): Promise<SandboxStart> {
  if (start.status === 'declined') return { declined: { reason: start.reason } };
  if (start.status !== 'invited') return {};
  const { letterCode: code, verificationCode } = start;
  const desk = await findAccountByUsername(tx, SANDBOX_DESK_USERNAME);
  return { letter: { code, verificationCode, createdBy: desk?.published === true ? desk.accountId : undefined } };
}

/**
 * Creates the locked account of a patient who starts with one, or locks it again. It has neither a password nor a
 * passkey, so no one can sign in with it even while it is unlocked.
 */
async function ensureLockedAccount(
  tx: Executor,
  deps: PatientStartDeps,
  { recordId, accountId }: { readonly recordId: RecordId; readonly accountId: AccountId | undefined },
  { start, persona }: EnrollmentScenario,
): Promise<AccountId | undefined> {
  if (start.status !== 'locked') return undefined;
  const existing = accountId && (await findAccountProfile(tx, accountId));
  if (existing !== undefined) await restoreSelfRepresentation(tx, { accountId: existing.accountId, recordId });
  const locked =
    existing?.accountId ??
    (await createPatientAccount(tx, deps, {
      username: persona.username,
      displayName: displayName(persona),
      password: undefined,
      published: false,
      recordId,
    }));
  if (locked !== undefined) await lockAccountById(tx, deps.clock, locked, start.reason);
  return locked;
}
