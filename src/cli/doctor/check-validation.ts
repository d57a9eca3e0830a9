import type { Config } from '../../config/index.ts';
import { openValidation } from '../../intake/index.ts';
import { OperatorError } from '../../kernel/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/** Checks whether the implementation guides of the configuration can be read, and whether validation is on. */
export async function checkValidation({ validation }: Config): Promise<readonly DoctorFinding[]> {
  const { mode, guides } = validation;
  const named = guides.length === 0 ? 'FHIR R4 only' : `FHIR R4 and ${guides.length} guides`;
  if (mode === 'off')
    return [
      guides.length === 0
        ? okFinding('validation', 'off')
        : warningFinding('validation', 'off, although VALIDATION_GUIDES is set.', 'Set VALIDATION to warn or strict.'),
    ];
  try {
    await openValidation(validation)?.prepare();
    return [okFinding('validation', `${mode}, against ${named}`)];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return [
      errorFinding(
        'validation',
        error.message,
        'Set VALIDATION_GUIDES to implementation guide packages (.tgz) or their folders.',
      ),
    ];
  }
}
