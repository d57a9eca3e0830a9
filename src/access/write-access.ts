import type { AccessGrant } from './grant.ts';
import { type Permission, parseScopes, type ResourceScope, resourceScopes } from './scope.ts';

export type WritePermission = Extract<Permission, 'c' | 'u' | 'd'>;

/**
 * Whether the grant lets a backend app write a type. Only unrestricted `system/` scopes do; a person's grant never
 * allows writing. SMART App Launch 2.2 §3.0.2
 */
export const mayWrite = (grant: AccessGrant, permission: WritePermission, type: string): boolean =>
  writingScopes(grant).some(
    (scope) => (scope.type === '*' || scope.type === type) && scope.permissions.includes(permission),
  );

/** Whether the grant lets a backend app write at least one type. */
export const mayWriteAnything = (grant: AccessGrant): boolean => writingScopes(grant).length > 0;

/** Whether registered scopes include write permissions, that is whether a backend app could be granted any. */
export const hasWriteScopes = (scope: string): boolean => resourceScopes(parseScopes(scope).scopes).some(isWriteScope);

const writingScopes = ({ accountId, record, scopes }: AccessGrant): readonly ResourceScope[] =>
  accountId !== undefined || record !== undefined ? [] : resourceScopes(scopes).filter(isWriteScope);

const isWriteScope = ({ context, query, permissions }: ResourceScope): boolean =>
  context === 'system' && query === '' && /[cud]/.test(permissions);
