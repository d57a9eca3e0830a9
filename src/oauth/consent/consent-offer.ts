import { hasNamedScope, printScopes, type Scope } from '../../access/index.ts';
import type { SensitiveLabel } from '../../domain/index.ts';
import { sha256 } from '../../kernel/index.ts';
import { type AccessTerm, getAccessTermWithoutOffline, type RefreshTokenRequest } from '../lifetimes.ts';
import type { ServedTypes } from '../ports.ts';
import { type DataCategory, SUPPORTING_TYPES } from '../scopes/resource-categories.ts';
import { type DescribedApp, describeApp, type RequestingApp } from './app-description.ts';
import { buildConsentItems, type ConsentItemDefinition } from './consent-items.ts';
import { findRequestedData } from './requested-categories.ts';
import { CONSENT_WORDING_VERSION } from './wording-version.ts';

/** The part of an authorization request that the person decides about. */
export interface ConsentRequest extends RefreshTokenRequest {
  readonly client: DescribedApp & RefreshTokenRequest['client'];
  /** Redirect URI. */
  readonly redirect: string;
}

/**
 * Details that an app learns about the signed-in person apart from the items on the page: all of them or only the name.
 * Undefined for nothing.
 */
export type IdentityDisclosure = 'details' | 'name' | undefined;

/**
 * The choices that one authorization request offers to the person who decides. It is made once, after sign-in. The page,
 * its digest, the decision and the receipt use the same offer, so they can't disagree. It doesn't depend on the record,
 * the language or previous choices.
 */
export interface ConsentOffer {
  /** `staff`: a staff member opens the app and allows or denies it as a whole. */
  readonly userKind: 'patient' | 'staff';
  readonly app: RequestingApp;
  /** Scopes that may be granted. */
  readonly scopes: readonly Scope[];
  readonly items: readonly ConsentItemDefinition[];
  /** Categories that are denied with any selection, because no item mentions them. */
  readonly undisclosedCategories: readonly DataCategory[];
  /** Labels with an item of their own. Empty for staff. */
  readonly sensitiveLabels: readonly SensitiveLabel[];
  /** Types without an item are requested too. They tell who, where and from whom. */
  readonly includesSupporting: boolean;
  /** Details that the app learns about the signed-in person. Undefined for staff. */
  readonly identity: IdentityDisclosure;
  /**
   * First state of the checkbox for offline access: checked if the app requested `offline_access`, and unchecked if the
   * app sent no scope at all. Undefined when offline access isn't offered.
   */
  readonly offlineDefault: boolean | undefined;
  /** How long access lasts if the person declines offline access. */
  readonly termWithoutOffline: AccessTerm;
  /** Access could last as long as the choices of the page, which needs a refresh token. False for staff. */
  readonly canChooseDuration: boolean;
  /**
   * Digest of everything that the consent page says and offers. The form sends it back, so that a decision counts only
   * if the app, its registration and our text haven't changed in the meantime.
   */
  readonly digest: string;
}

/** @param deps.sensitive all security labels that need separate permission */
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
 * The labels are offered if the requested types could contain labeled resources. Whether the record has any doesn't
 * matter, because the page would then reveal that to anyone who sees the screen.
 */
const findOfferedLabels = (
  requested: ReadonlySet<string>,
  { types, sensitive }: Parameters<typeof createConsentOffer>[1],
): readonly SensitiveLabel[] => (types.inRecord.some((type) => requested.has(type)) ? sensitive : []);

/**
 * `fhirUser` allows reading the resource that describes the person (SMART App Launch 2.2 §3.0.2.3), and `profile`
 * reveals the name (OpenID Connect Core §5.4).
 */
function getIdentityDisclosure(scopes: readonly Scope[]): IdentityDisclosure {
  if (!hasNamedScope(scopes, 'openid')) return undefined;
  if (hasNamedScope(scopes, 'fhirUser')) return 'details';
  return hasNamedScope(scopes, 'profile') ? 'name' : undefined;
}

const digestOffer = (...contents: readonly unknown[]): string => sha256(JSON.stringify(contents)).toString('base64url');
