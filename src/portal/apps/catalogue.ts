import { APIS, type Api, DATA_USE, DATA_USE_QUESTIONS, type ScopeContext } from '../../access/index.ts';
import { dstu2, r4 } from '../../fhir/index.ts';
import { ALL_KINDS, NAMED_SCOPES, SUPPORTING } from '../../oauth/index.ts';
import type { AppAuth, AppKind } from '../../registry/index.ts';
import { type Language, wordsIn } from '../../words/index.ts';
import type { CatalogueAnswer } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';

/** Scope contexts and authentication methods of each kind of app. */
const OF_KIND: Readonly<Record<AppKind, { contexts: readonly ScopeContext[]; auths: readonly AppAuth[] }>> = {
  patient: { contexts: ['patient'], auths: ['none', 'secret', 'private_key_jwt'] },
  staff: { contexts: ['patient', 'user'], auths: ['none', 'secret', 'private_key_jwt'] },
  backend: { contexts: ['system'], auths: ['private_key_jwt'] },
};
const OF_LAUNCHES: readonly string[] = ['launch', 'launch/encounter'];
const LIFETIMES = [30, 90, 180, 365, null] as const;

type Types = Pick<PortalDeps, 'types'>;

/** Returns what an app can be registered with, in plain words. */
export function catalogueIn(language: Language, { types }: Types): CatalogueAnswer {
  const { apps, consent } = wordsIn(language);
  const { questions, answers } = consent.dataUse;
  const kindOf = (kind: AppKind) => ({
    auths: [...OF_KIND[kind].auths],
    others: othersOf(kind).map((scope) => ({ scope, ...apps.others[scope] })),
    resources: OF_KIND[kind].contexts.flatMap((context) => resourcesIn(language, context, types)),
  });
  return {
    apis: (Object.keys(APIS) as Api[]).map((api) => ({ api, name: APIS[api], title: apps.apis[api] })),
    kinds: { patient: kindOf('patient'), staff: kindOf('staff'), backend: kindOf('backend') },
    dataUse: DATA_USE_QUESTIONS.map((question) => ({
      question,
      text: questions[question](undefined),
      answers: DATA_USE[question].map((answer) => ({ answer, text: answers[answer] })),
    })),
    secretLifetimes: LIFETIMES.map((days) => ({ days, label: apps.lifetimes[days ?? 'never'] })),
  };
}

/** Backend apps have no sign-in, and only staff apps are launched from a chart. */
const othersOf = (kind: AppKind) =>
  kind === 'backend' ? [] : NAMED_SCOPES.filter((scope) => kind === 'staff' || !OF_LAUNCHES.includes(scope));

/** Types with a patient-facing name come first, in the order of the consent page. */
function resourcesIn(language: Language, context: ScopeContext, types: PortalDeps['types']) {
  const known: readonly string[] = [...ALL_KINDS, ...SUPPORTING];
  const names = [
    ...known.filter((name) => types.names.includes(name)),
    ...types.names.filter((n) => !known.includes(n)),
  ];
  return names
    .filter((name) => context !== 'patient' || types.inRecord.includes(name) || known.includes(name))
    .map((type) => ({ scope: `${context}/${type}.rs`, type, label: labelOf(language, type), apis: apisOf(type) }));
}

function labelOf(language: Language, type: string): string {
  const { kinds } = wordsIn(language);
  const labels: Readonly<Record<string, string | { readonly label: string }>> = { ...kinds.types, ...kinds.supporting };
  const text = labels[type];
  return typeof text === 'string' ? text : (text?.label ?? type);
}

const apisOf = (type: string): Api[] =>
  [r4, dstu2].filter((version) => version.types.some(({ stored }) => stored === type)).map(({ api }) => api);
