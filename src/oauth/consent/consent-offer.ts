import { hasNamedScope, printScopes, type Scope } from '../../access/index.ts';
import type { SensitiveLabel } from '../../domain/index.ts';
import { sha256Base64url } from '../../kernel/index.ts';
import { type AccessTerm, getAccessTermWithoutOffline, type RefreshTokenRequest } from '../lifetimes.ts';
import type { ServedTypes } from '../ports.ts';
import { type DataCategory, SUPPORTING_TYPES } from '../scopes/resource-categories.ts';
import { type DescribedApp, describeApp, type RequestingApp } from './app-description.ts';
import { buildConsentItems, type ConsentItemDefinition } from './consent-items.ts';
import { findRequestedData } from './requested-categories.ts';
import { CONSENT_WORDING_VERSION } from './wording-version.ts';

/** The part of an authorization request that decides what the consent page offers. */
export interface ConsentRequest extends RefreshTokenRequest {
  readonly client: DescribedApp & RefreshTokenRequest['client'];
  /** Redirect URI of the request. */
  readonly redirect: string;
}

/**
 * Details that an app learns about the signed-in person in addition to the items on the page: all details or only the
 * name. Undefined if it learns none.
 */
export type IdentityDisclosure = 'details' | 'name' | undefined;

/**
 * The choices that one authorization request offers to the person who decides. The offer is made once, after sign-in.
 * The page, the digest, the decision and the receipt all use it, so they can't disagree. The offer doesn't depend on
 * the record, the language or previous choices.
 */
export interface ConsentOffer {
  /** `staff` means that a staff member opens the app and can only allow or deny it as a whole. */
  readonly userKind: 'patient' | 'staff';
  readonly app: RequestingApp;
  /** Scopes that the app gets if the person declines nothing. */
  readonly scopes: readonly Scope[];
  readonly items: readonly ConsentItemDefinition[];
  /** Data categories that are denied whatever the person checks, because no item on the page mentions them. */
  readonly undisclosedCategories: readonly DataCategory[];
  /** Security labels that have a consent item of their own. Empty for staff. */
  readonly sensitiveLabels: readonly SensitiveLabel[];
  /** Whether the app also requests supporting types such as Practitioner. They have no item on the page. */
  readonly includesSupporting: boolean;
  /** Details that the app learns about the signed-in person in addition to the items. Undefined for staff. */
  readonly identity: IdentityDisclosure;
  /**
   * Initial state of the checkbox for offline access: checked if the app requested `offline_access`, and unchecked if
   * the app sent no scope at all. Undefined if the page has no such checkbox.
   */
  readonly offlineDefault: boolean | undefined;
  /** How long access lasts if the person declines offline access. */
  readonly termWithoutOffline: AccessTerm;
  /**
   * Whether the person can choose how long access lasts. Without a refresh token there is no choice, because access is
   * then shorter than any of the durations. False for staff.
   */
  readonly canChooseDuration: boolean;
  /**
   * Digest of everything that the consent page says and offers. The form sends the digest back, so that a decision
   * counts only if the app, its registration and our text haven't changed since the page was displayed.
   */
  readonly digest: string;
}

/**
 * Determines what the consent page offers for a request.
 * @param deps.sensitive all security labels that need separate permission
 */
export function createConsentOffer(
  request: ConsentRequest,
  deps: { readonly types: ServedTypes; readonly sensitive: readonly SensitiveLabel[] },
): ConsentOffer {
  const { client, redirect, scopes, scopeOmitted } = request;
  const isStaff = client.kind === 'staff';
  const requested = findRequestedData(scopes, deps.types);
  const app = describeApp(client, redirect);
  const sensitiveLabels = isStaff ? [] : findOfferedLabels(requested.types, deps);
  const hasOffline = hasNamedScope(scopes, 'offline_access');
  const termWithoutOffline = getAccessTermWithoutOffline(request);
  return {
    userKind: isStaff ? 'staff' : 'patient',
    app,
    scopes,
    items: buildConsentItems(requested.categories),
    undisclosedCategories: requested.undisclosedCategories,
    sensitiveLabels,
    includesSupporting: SUPPORTING_TYPES.some((type) => requested.types.has(type)),
    identity: isStaff ? undefined : getIdentityDisclosure(scopes),
    offlineDefault: hasOffline ? !scopeOmitted : undefined,
    termWithoutOffline,
    canChooseDuration: !isStaff && (hasOffline || termWithoutOffline.kind === 'rolling'),
    digest: digestOffer(CONSENT_WORDING_VERSION, printScopes(scopes), app, sensitiveLabels, termWithoutOffline),
  };
}

/**
 * Returns all sensitive labels if the requested types could contain labeled resources, and none otherwise. The labels
 * in the record don't matter: the page would otherwise reveal them to anyone who sees the screen.
 */
const findOfferedLabels = (
  requested: ReadonlySet<string>,
  { types, sensitive }: Parameters<typeof createConsentOffer>[1],
): readonly SensitiveLabel[] => (types.inRecord.some((type) => requested.has(type)) ? sensitive : []);

/**
 * Returns what the app learns about the signed-in person. `fhirUser` allows reading the resource that describes the
 * person (SMART App Launch 2.2 §3.0.2.3), and `profile` reveals the name (OpenID Connect Core §5.4).
 */
function getIdentityDisclosure(scopes: readonly Scope[]): IdentityDisclosure {
  if (!hasNamedScope(scopes, 'openid')) return undefined;
  if (hasNamedScope(scopes, 'fhirUser')) return 'details';
  return hasNamedScope(scopes, 'profile') ? 'name' : undefined;
}

const digestOffer = (...contents: readonly unknown[]): string => sha256Base64url(JSON.stringify(contents));
