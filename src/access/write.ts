import type { Grant } from './grant.ts';
import { type Permission, parseScopes, type ResourceScope, resourceScopes } from './scope.ts';

export type WritePermission = Extract<Permission, 'c' | 'u' | 'd'>;

/**
 * Whether the grant lets a backend app write a type: `system/` scopes alone, never what is limited to a part of a type. A
 * grant of a person, whatever its scopes, lets nobody write. SMART App Launch 2.2 §3.0.2
 */
export const mayWrite = (grant: Grant, permission: WritePermission, type: string): boolean =>
  writingScopes(grant).some(
    (scope) => (scope.type === '*' || scope.type === type) && scope.permissions.includes(permission),
  );

export const mayWriteAnything = (grant: Grant): boolean => writingScopes(grant).length > 0;

/** Whether scopes as they are registered have letters for writing: what a backend app could be granted. */
export const hasLettersForWriting = (scope: string): boolean =>
  resourceScopes(parseScopes(scope).scopes).some(isWriting);

const writingScopes = ({ accountId, record, scopes }: Grant): readonly ResourceScope[] =>
  accountId !== undefined || record !== undefined ? [] : resourceScopes(scopes).filter(isWriting);

const isWriting = ({ context, query, permissions }: ResourceScope): boolean =>
  context === 'system' && query === '' && /[cud]/.test(permissions);
