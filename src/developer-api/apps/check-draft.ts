import { allowedAnswers } from '../../access/index.ts';
import { checkAlphabets, checkAppTerms, checkNameImitation } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { AppTerms } from '../../domain/index.ts';
import { Problem, type RequestFieldError } from '../../kernel/index.ts';
import type { AppDraft, IssueCode, IssueResponse } from '../../portal-api/index.ts';
import { draftToTerms, type OperatorTerms, splitAddresses } from './draft.ts';

/**
 * Maximum nesting level of a key set, so that recursive functions can handle it. A valid key set
 * needs five levels: a certificate in the list `x5c` of a key is at the fifth.
 */
const MAX_LEVELS = 10;

/** An error in one field of the draft that a developer edits. */
export type DraftIssue = RequestFieldError & IssueResponse;

const draftIssue = (field: string, code: IssueCode, message: string, values?: DraftIssue['values']): DraftIssue =>
  values === undefined ? { field, code, message } : { field, code, message, values };

interface CheckDraftDeps {
  readonly trustedJwksHosts: readonly string[];
  readonly brandName: string;
  /** Current terms of the app that the draft changes; undefined for a new app. */
  readonly app?: AppTerms | undefined;
}

/** Returns all errors of the draft of an app, each with the name of its field. */
export async function checkDraft(
  db: Executor,
  draft: AppDraft,
  given: Partial<OperatorTerms>,
  { trustedJwksHosts, brandName, app }: CheckDraftDeps,
): Promise<readonly DraftIssue[]> {
  const unreadable = checkKeyText(draft.jwks);
  if (unreadable.length > 0) return unreadable;
  const origins = splitAddresses(draft.redirectUris).map(({ from }) => from);
  const registered = checkAppTerms(draftToTerms(draft, given), trustedJwksHosts).map(
    ({ field, code, message, values }) =>
      field === 'practiceIds'
        ? draftIssue('kind', 'no-sandbox', NO_PRACTICE)
        : draftIssue(toDraftField(field, origins), code, message, values),
  );
  // A name that doesn't change isn't checked again. A practice with a similar name may have been
  // added later, and the developer must still be able to edit the app.
  const imitations = draft.name === app?.name ? [] : await checkNameImitation(db, brandName, draft.name);
  const named = imitations.map(({ code, message, values }) => draftIssue('name', code, message, values));
  return [...registered, ...named, ...checkKindUnchanged(draft, app), ...checkTexts(draft), ...checkDataUse(draft)];
}

export function assertNoIssues(issues: readonly RequestFieldError[]): void {
  if (issues.length === 0) return;
  const message = issues.map((issue) => `${issue.field}: ${issue.message}`).join(' ');
  throw new Problem('fields-invalid', { status: 400, message, fieldErrors: issues });
}

const NO_PRACTICE =
  'A backend app starts in the sandbox, and this server has no sandbox. Ask its administrators to register the app.';

/**
 * Converts the name of a field of the terms to that of the draft. Only redirect URIs differ: one
 * entry of the draft may contain several URIs, each of which is an entry of the terms.
 */
function toDraftField(field: string, origins: readonly number[]): string {
  const at = /^redirectUris\.(\d+)$/.exec(field)?.[1];
  return at === undefined ? field : `redirectUris.${origins[Number(at)] ?? at}`;
}

const checkKindUnchanged = (draft: AppDraft, app: AppTerms | undefined): readonly DraftIssue[] =>
  app === undefined || app.kind === draft.kind
    ? []
    : [draftIssue('kind', 'kind-fixed', 'The type of an app can’t be changed. Register a new app.')];

function checkTexts(draft: AppDraft): readonly DraftIssue[] {
  const addresses = (['website', 'policyUri', 'termsUri', 'initiateLoginUri'] as const)
    .filter((field) => !isEmptyOrPageAddress(draft[field] ?? ''))
    .map((field) => draftIssue(field, 'page-address', PAGE_ADDRESS));
  const name = checkAlphabets(draft.name).map(({ code, message }) => draftIssue('name', code, message));
  const description = isPlainText(draft.description)
    ? []
    : [draftIssue('description', 'description-not-plain', 'The description can contain only visible characters.')];
  return [...name, ...description, ...addresses];
}

const PAGE_ADDRESS = 'Enter a full URL that starts with https://, without a username or password.';

function isEmptyOrPageAddress(text: string): boolean {
  if (text.trim() === '') return true;
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
}

/**
 * Returns whether a text is safe to display. It may contain line breaks and tabs, but no other
 * control characters and none that change the text direction.
 */
export const isPlainText = (text: string): boolean =>
  text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]|\p{Bidi_Control}/u.test(text.replaceAll(/[\n\r\t]/g, ''));

const checkDataUse = ({ dataUse }: AppDraft): readonly DraftIssue[] =>
  Object.entries(dataUse).flatMap(([question, answer]) => {
    const [field, possible] = [`dataUse.${question}`, allowedAnswers(question)];
    if (possible === undefined) return [draftIssue(field, 'question-unknown', 'This question doesn’t exist.')];
    if (possible.includes(answer)) return [];
    const answers = possible.join(', ');
    return [draftIssue(field, 'answer-unknown', `Choose one of these answers: ${answers}.`, { answers })];
  });

/**
 * Checks the nesting and characters of a key set before any recursive function reads it. NUL and
 * unpaired surrogates are rejected, because PostgreSQL can't store them.
 */
export function checkKeyText(jwks: unknown): readonly DraftIssue[] {
  if (isDeeper(jwks, MAX_LEVELS)) return [draftIssue('jwks', 'keys-too-deep', 'The key set is nested too deeply.')];
  if (/\\u(0000|d[89a-f])/i.test(JSON.stringify(jwks) ?? '')) {
    return [
      draftIssue('jwks', 'keys-not-text', 'The key set contains invalid characters (NUL or unpaired surrogates).'),
    ];
  }
  return [];
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));
