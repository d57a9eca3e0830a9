import { isObject, nonEmptyText } from '../../kernel/index.ts';

/** An XML element as the conversion library parses it. Attributes have the prefix `@_`. */
export type CdaNode = Record<string, unknown>;

const toArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Returns the child elements at a path, such as `entryRelationship.observation`. */
export function nodesAt(node: unknown, path: string): readonly CdaNode[] {
  let found: readonly CdaNode[] = isObject(node) ? [node] : [];
  for (const name of path.split('.')) found = found.flatMap((one) => toArray(one[name])).filter(isObject);
  return found;
}

export const nodeAt = (node: unknown, path: string): CdaNode | undefined => nodesAt(node, path)[0];

/** Returns an attribute of the first element at a path. The last part of the path is the attribute. */
export function attributeAt(node: unknown, path: string): string | undefined {
  const parts = path.split('.');
  const name = `@_${parts.pop()}`;
  const owner = parts.length === 0 ? node : nodeAt(node, parts.join('.'));
  return isObject(owner) ? nonEmptyText(owner[name]) : undefined;
}

/** Returns the text of the first element at a path. Texts of references are resolved before. */
export function contentAt(node: unknown, path: string): string | undefined {
  const parts = path.split('.');
  const name = parts.pop() ?? '';
  const owners = parts.length === 0 ? [node].filter(isObject) : nodesAt(node, parts.join('.'));
  const [value] = owners.flatMap((owner) => toArray(owner[name]));
  const text = typeof value === 'string' ? value : textContent(value);
  return nonEmptyText(text?.replaceAll(/\s+/g, ' ').trim());
}

const textContent = (value: unknown): string | undefined =>
  isObject(value) && typeof value['#text'] === 'string' ? value['#text'] : undefined;

/** Returns the observations of a statement that have a code, such as 33999-4 (status) or SEV (severity). */
export const relatedByCode = (node: unknown, code: string): CdaNode | undefined =>
  nodesAt(node, 'entryRelationship.observation').find((one) => attributeAt(one, 'code.code') === code);

export const hasTemplate = (node: unknown, ...roots: readonly string[]): boolean =>
  nodesAt(node, 'templateId').some((id) => roots.includes(attributeAt(id, 'root') ?? ''));

export const isNegated = (node: unknown): boolean => attributeAt(node, 'negationInd') === 'true';
