import { APIS, DATA_USE_QUESTIONS, type ScopeContext } from '../../access/index.ts';
import { type AppAuthMethod, type AppKind, DATA_USE, type FhirApi } from '../../domain/index.ts';
import { dstu2, r4 } from '../../fhir/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import { DATA_CATEGORIES, type ServedTypes, SUPPORTED_NAMED_SCOPES, SUPPORTING_TYPES } from '../../oauth/index.ts';
import type { CatalogResponse } from '../../portal-api/index.ts';

/**
 * Contexts of resource scopes, such as `patient` in `patient/Observation.rs`, and authentication
 * methods that each kind of app may use.
 */
const KIND_OPTIONS: Readonly<Record<AppKind, { contexts: readonly ScopeContext[]; auths: readonly AppAuthMethod[] }>> =
  {
    patient: { contexts: ['patient'], auths: ['none', 'secret', 'private_key_jwt'] },
    staff: { contexts: ['patient', 'user'], auths: ['none', 'secret', 'private_key_jwt'] },
    backend: { contexts: ['system'], auths: ['private_key_jwt'] },
  };
const LAUNCH_SCOPES: readonly string[] = ['launch', 'launch/encounter'];
const LIFETIMES = [30, 90, 180, 365, null] as const;

/**
 * Returns the kinds, APIs, authentication methods and scopes that an app can be registered with,
 * with labels in the reader's language.
 */
export function buildCatalog(language: Language, { types }: { readonly types: ServedTypes }): CatalogResponse {
  const { appForm, consent } = getMessages(language);
  const { questions, answers } = consent.dataUse;
  const kindOf = (kind: AppKind) => ({
    auths: [...KIND_OPTIONS[kind].auths],
    others: otherScopes(kind).map((scope) => ({ scope, ...appForm.scopes[scope] })),
    resources: KIND_OPTIONS[kind].contexts.flatMap((context) => listResources(language, context, types)),
  });
  return {
    apis: (Object.keys(APIS) as FhirApi[]).map((api) => ({ api, name: APIS[api], title: appForm.apis[api] })),
    kinds: { patient: kindOf('patient'), staff: kindOf('staff'), backend: kindOf('backend') },
    dataUse: DATA_USE_QUESTIONS.map((question) => ({
      question,
      text: questions[question](undefined),
      answers: DATA_USE[question].map((answer) => ({ answer, text: answers[answer] })),
    })),
    secretLifetimes: LIFETIMES.map((days) => ({ days, label: appForm.lifetimes[days ?? 'never'] })),
  };
}

/**
 * Returns the scopes that aren't about a resource type. Backend apps have none, because no one
 * signs in to them, and launch scopes are only for staff apps, which are launched from a chart.
 */
const otherScopes = (kind: AppKind) =>
  kind === 'backend'
    ? []
    : SUPPORTED_NAMED_SCOPES.filter((scope) => kind === 'staff' || !LAUNCH_SCOPES.includes(scope));

/**
 * Lists the resource types that scopes can name. Types with a label for patients come first, in the
 * order of the consent page.
 */
function listResources(language: Language, context: ScopeContext, types: ServedTypes) {
  const known: readonly string[] = [...DATA_CATEGORIES, ...SUPPORTING_TYPES];
  const names = [
    ...known.filter((name) => types.names.includes(name)),
    ...types.names.filter((n) => !known.includes(n)),
  ];
  return names
    .filter((name) => context !== 'patient' || types.inRecord.includes(name) || known.includes(name))
    .map((type) => ({
      scope: `${context}/${type}.rs`,
      type,
      label: typeLabel(language, type),
      apis: servingApis(type),
    }));
}

function typeLabel(language: Language, type: string): string {
  const { dataCategories } = getMessages(language);
  const labels: Readonly<Record<string, string | { readonly label: string }>> = {
    ...dataCategories.types,
    ...dataCategories.supporting,
  };
  const text = labels[type];
  return typeof text === 'string' ? text : (text?.label ?? type);
}

const servingApis = (type: string): FhirApi[] =>
  [r4, dstu2].filter((version) => version.types.some(({ stored }) => stored === type)).map(({ api }) => api);
