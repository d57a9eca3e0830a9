import { answersTo } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import { type FieldProblem, Problem } from '../../kernel/index.ts';
import { type AppTerms, alphabetFaults, faultsOf, imitationFaults } from '../../registry/index.ts';
import type { AppDraft } from '../contract/apps.ts';
import type { FaultAnswer, FaultCode } from '../contract/faults.ts';
import { type Given, splitAddresses, termsOfDraft } from './draft.ts';

/** Deepest nesting of a key set, which limits recursion. A certificate in a key of a key set is at level five. */
const MOST_LEVELS = 10;

/** An error in one field of a draft. */
export type DraftFault = FieldProblem & FaultAnswer;

const wrong = (field: string, code: FaultCode, message: string, values?: DraftFault['values']): DraftFault =>
  values === undefined ? { field, code, message } : { field, code, message, values };

interface FaultDeps {
  readonly trustedJwksHosts: readonly string[];
  readonly brandName: string;
  /** Current terms of the app; undefined for a new app. */
  readonly app?: AppTerms | undefined;
}

/** Returns all errors of a draft by field. */
export async function draftFaults(
  db: Executor,
  draft: AppDraft,
  given: Partial<Given>,
  { trustedJwksHosts, brandName, app }: FaultDeps,
): Promise<readonly DraftFault[]> {
  const unreadable = keyTextFaults(draft.jwks);
  if (unreadable.length > 0) return unreadable;
  const origins = splitAddresses(draft.redirectUris).map(({ from }) => from);
  const registered = faultsOf(termsOfDraft(draft, given), trustedJwksHosts).map(({ field, code, message, values }) =>
    field === 'practiceIds'
      ? wrong('kind', 'no-sandbox', NO_PRACTICE)
      : wrong(fieldOf(field, origins), code, message, values),
  );
  // An app that keeps its name may have had it before a practice of that name was added.
  const imitations = draft.name === app?.name ? [] : await imitationFaults(db, brandName, draft.name);
  const named = imitations.map(({ code, message, values }) => wrong('name', code, message, values));
  return [...registered, ...named, ...kindFaults(draft, app), ...saidFaults(draft), ...answerFaults(draft)];
}

export function requireNoFaults(issues: readonly FieldProblem[]): void {
  if (issues.length === 0) return;
  const message = issues.map((issue) => `${issue.field}: ${issue.message}`).join(' ');
  throw new Problem('fields-invalid', { status: 400, message, faults: issues });
}

const NO_PRACTICE =
  'A backend app begins in the sandbox, and this server has none. Ask its administrators to register the app.';

/**
 * Maps a field of the terms to the field of the draft: several addresses in one entry belong to the
 * same draft field.
 */
function fieldOf(field: string, origins: readonly number[]): string {
  const at = /^redirectUris\.(\d+)$/.exec(field)?.[1];
  return at === undefined ? field : `redirectUris.${origins[Number(at)] ?? at}`;
}

const kindFaults = (draft: AppDraft, app: AppTerms | undefined): readonly DraftFault[] =>
  app === undefined || app.kind === draft.kind
    ? []
    : [wrong('kind', 'kind-fixed', 'For whom an app is can’t be changed. Register another app.')];

function saidFaults(draft: AppDraft): readonly DraftFault[] {
  const addresses = (['website', 'policyUri', 'termsUri'] as const)
    .filter((field) => draft[field].trim() !== '' && !isPageAddress(draft[field]))
    .map((field) => wrong(field, 'page-address', PAGE_ADDRESS));
  const name = alphabetFaults(draft.name).map(({ code, message }) => wrong('name', code, message));
  const description = isPlainText(draft.description)
    ? []
    : [wrong('description', 'description-not-plain', 'The description must be plain visible text.')];
  return [...name, ...description, ...addresses];
}

const PAGE_ADDRESS = 'Write a whole address that begins with https://, without a name or password.';

function isPageAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
}

/**
 * Returns whether text is safe to display: line breaks and tabs are allowed; control characters and
 * characters that change the text direction are not.
 */
export const isPlainText = (text: string): boolean =>
  text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]|\p{Bidi_Control}/u.test(text.replaceAll(/[\n\r\t]/g, ''));

const answerFaults = ({ dataUse }: AppDraft): readonly DraftFault[] =>
  Object.entries(dataUse).flatMap(([question, answer]) => {
    const [field, possible] = [`dataUse.${question}`, answersTo(question)];
    if (possible === undefined) return [wrong(field, 'question-unknown', 'There is no such question.')];
    if (possible.includes(answer)) return [];
    const answers = possible.join(', ');
    return [wrong(field, 'answer-unknown', `The answer is one of: ${answers}.`, { answers })];
  });

/** Checks a key set before anything recurses into it. PostgreSQL can store neither NUL nor unpaired surrogates. */
export function keyTextFaults(jwks: unknown): readonly DraftFault[] {
  if (isDeeper(jwks, MOST_LEVELS)) return [wrong('jwks', 'keys-too-deep', 'The key set is nested too deeply.')];
  if (/\\u(0000|d[89a-f])/i.test(JSON.stringify(jwks) ?? '')) {
    return [wrong('jwks', 'keys-not-text', 'The key set holds characters that are no text.')];
  }
  return [];
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));
