import { answersTo } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import { type FieldProblem, Problem } from '../../kernel/index.ts';
import { type AppTerms, alphabetFaults, faultsOf, imitationFaults } from '../../registry/index.ts';
import type { AppDraft } from '../contract/apps.ts';
import type { FaultAnswer, FaultCode } from '../contract/faults.ts';
import { type Given, splitAddresses, termsOfDraft } from './draft.ts';

/** Whatever walks through a value calls itself for each level; a certificate in a key in a key set is at the fifth. */
const MOST_LEVELS = 10;

/** What is wrong with a field of a draft. */
export type DraftFault = FieldProblem & FaultAnswer;

const wrong = (field: string, code: FaultCode, message: string, values?: DraftFault['values']): DraftFault =>
  values === undefined ? { field, code, message } : { field, code, message, values };

interface FaultDeps {
  readonly trustedJwksHosts: readonly string[];
  readonly brandName: string;
  /** As it is; undefined: a new one. */
  readonly app?: AppTerms | undefined;
}

/** Everything that is wrong with a draft, field by field. */
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
  // An app that has its name already had it before a practice of that name came.
  const imitations = draft.name === app?.name ? [] : await imitationFaults(db, brandName, draft.name);
  const named = imitations.map(({ code, message, values }) => wrong('name', code, message, values));
  return [...registered, ...named, ...kindFaults(draft, app), ...saidFaults(draft), ...answerFaults(draft)];
}

export function requireNoFaults(faults: readonly FieldProblem[]): void {
  if (faults.length === 0) return;
  const message = faults.map((fault) => `${fault.field}: ${fault.message}`).join(' ');
  throw new Problem('fields-invalid', { status: 400, message, faults });
}

const NO_PRACTICE =
  'A backend app begins in the sandbox, and this server has none. Ask its administrators to register the app.';

/** As the draft names it: an address that was one of several in an entry is at that entry. */
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

/** Lines and tabs are fine; what is invisible or turns the direction of what follows is not. */
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

/** Before anything walks through it. PostgreSQL keeps neither a NUL nor half a surrogate pair. */
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
