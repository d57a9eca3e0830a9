import { createApprovals } from '../../approvals/index.ts';
import { createAuditLog } from '../../audit/index.ts';
import { type Erasure, eraseRecord, eraseRecordAction, findCertificate } from '../../erasure/index.ts';
import { type Administrator, lockAdministrators } from '../../identity/index.ts';
import { systemClock as clock, isUuid, OperatorError, Problem, systemRandom as random } from '../../kernel/index.ts';
import { createEmailQueue } from '../../mail/index.ts';
import { UsageError } from '../arguments.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { RECORD_CERTIFICATE, RECORD_ERASE } from '../definitions/patients.ts';
import { withInstallation } from '../with-installation.ts';
import { findSingleRecord } from './find-record.ts';

type Outcome = { readonly erased: Erasure } | { readonly approvalId: string; readonly expiresAt: Date };

export async function eraseRecordCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof RECORD_ERASE>,
): Promise<number> {
  const reason = values.reason.trim();
  if (reason === '') throw new UsageError('--reason must say why the record is erased.');
  if (!isUuid(positionals[0]))
    throw new OperatorError('A patient id is a UUID. To list patient ids, run patients list.');
  const { brandName, publicUrl } = input.config;
  const outcome = await withInstallation(input, ({ db, encryption }) =>
    db
      .transaction(async (tx): Promise<Outcome> => {
        const administrators = await lockAdministrators(tx);
        const { recordId, practiceId, practiceKind } = await findSingleRecord(tx, positionals[0], values.practice);
        if (practiceKind === 'sandbox')
          throw new OperatorError('This patient is made up. Only records of live practices can be erased.');
        const audit = createAuditLog({ db: tx, clock, random });
        const action = { parameters: { recordId, practiceId, reason }, deps: { clock, random, audit, encryption } };
        const by = findRequester(administrators, values['requested-by']);
        if (by === undefined) return { erased: await eraseRecord(tx, action.deps, action.parameters, undefined) };
        const mail = createEmailQueue({ clock, random, encryption, sends: input.config.mail !== undefined });
        const approvals = createApprovals({ clock, random, audit, mail, brandName, publicUrl });
        const submitted = await approvals.submit(tx, eraseRecordAction(action.deps), {
          subject: String(recordId),
          parameters: action.parameters,
          reason,
          by: by.accountId,
          requestId: random.uuid(),
        });
        if (submitted.outcome === 'done') return { erased: submitted.result };
        const { approvalRequestId: approvalId, expiresAt } = submitted.request;
        return { approvalId, expiresAt };
      })
      .catch(rethrowAsOperatorError),
  );
  printOutcome(input, outcome);
  return 0;
}

/** Rethrows a Problem as an OperatorError, so that the command prints its message. */
function rethrowAsOperatorError(error: unknown): never {
  throw error instanceof Problem ? new OperatorError(error.message) : error;
}

/**
 * Returns the administrator who asks for the erasure, who can't approve it. An installation without administrators has
 * none.
 */
function findRequester(administrators: readonly Administrator[], username: string | undefined) {
  if (username === undefined && administrators.length === 0) return undefined;
  if (username === undefined)
    throw new UsageError('Name the administrator who asks for this with --requested-by. Another one must approve it.');
  const found = administrators.find((one) => one.username === username && one.lockedAt === undefined);
  if (found === undefined) throw new OperatorError(`${username} isn't an active administrator.`);
  return found;
}

function printOutcome(input: CommandInput, outcome: Outcome): void {
  if ('erased' in outcome) {
    const { erasureId, certificate, digest } = outcome.erased;
    const value = { erased: true, erasure: erasureId, digest, certificate: JSON.parse(certificate) };
    printResult(input, value, `${certificate}\nErased. SHA-256 of this certificate: ${digest}`);
    return;
  }
  const { approvalId, expiresAt } = outcome;
  const at = expiresAt.toISOString();
  printResult(
    input,
    { erased: false, approval: approvalId, expires_at: at },
    `Nothing is erased yet. Another administrator must approve this at ${input.config.publicUrl}/review/approvals by ${at}. Then print the certificate: patient-access record certificate ${approvalId}`,
  );
}

export async function certificateCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof RECORD_CERTIFICATE>,
): Promise<number> {
  const [id] = positionals;
  const found = isUuid(id) ? await withInstallation(input, ({ db }) => findCertificate(db, id)) : undefined;
  if (found === undefined)
    throw new OperatorError('No record was erased under this id. Use the id that record erase printed.');
  const { erasureId, certificate, digest } = found;
  const value = { erasure: erasureId, digest, certificate: JSON.parse(certificate) };
  printResult(input, value, `${certificate}\nSHA-256 of this certificate: ${digest}`);
  return 0;
}
