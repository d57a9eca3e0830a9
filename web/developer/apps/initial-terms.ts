import type { AppDraft, AppResponse } from '../../../src/portal-api/contract/apps.ts';

/**
 * Returns the terms with which the settings form starts: those of the version in review if there is one, otherwise the
 * current terms.
 */
export const initialTerms = (app: AppResponse): AppDraft => app.open?.terms ?? app.terms;
