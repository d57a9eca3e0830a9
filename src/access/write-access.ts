import type { AccessGrant } from './grant.ts';
import { type Permission, parseScopes, type ResourceScope, resourceScopes } from './scope.ts';

export type WritePermission = Extract<Permission, 'c' | 'u' | 'd'>;

/**
 * Tells whether a grant lets a backend app write resources of a type. Only `system/` scopes without a granular query
 * allow writing. A person's grant never does. SMART App Launch 2.2 §3.0.2
 */
export const mayWrite = (grant: AccessGrant, permission: WritePermission, type: string): boolean =>
  writingScopes(grant).some(
    (scope) => (scope.type === '*' || scope.type === type) && scope.permissions.includes(permission),
  );

/** Tells whether a grant lets a backend app write at least one resource type. */
export const mayWriteAnything = (grant: AccessGrant): boolean => writingScopes(grant).length > 0;

/**
 * Tells whether the registered scopes of an app include a scope that allows writing. Only such an app can get a grant
 * to write.
 */
export const hasWriteScopes = (scope: string): boolean => resourceScopes(parseScopes(scope).scopes).some(isWriteScope);

const writingScopes = ({ accountId, record, scopes }: AccessGrant): readonly ResourceScope[] =>
  accountId !== undefined || record !== undefined ? [] : resourceScopes(scopes).filter(isWriteScope);

const isWriteScope = ({ context, query, permissions }: ResourceScope): boolean =>
  context === 'system' && query === '' && /[cud]/.test(permissions);
