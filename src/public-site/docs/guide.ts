import { readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../../../docs/guide');

/** Pages of the documentation in reading order. Each is a file of `docs/guide`. */
export const GUIDE = [
  'getting-started',
  'authentication',
  'registration',
  'scopes',
  'data',
  'dstu2-losses',
  'errors',
  'limits',
  'portal-api',
  'enrollment',
  'moving-from-nextgen',
  'faq',
  'changelog',
] as const;
export type GuidePage = (typeof GUIDE)[number];

/** Returns the Markdown of a documentation page, with placeholders such as `{{r4}}`. */
export const readGuide = (page: GuidePage): string => readFileSync(path.join(FOLDER, `${page}.md`), 'utf8');

/** Values for the placeholders in the documentation, such as `{{r4}}`, by placeholder name. */
export type PlaceholderValues = Readonly<Record<string, string>>;

/** Replaces the placeholders in a documentation page. Throws if a placeholder has no value. */
export function fillPlaceholders(text: string, values: PlaceholderValues): string {
  return text.replaceAll(PLACEHOLDER, (_all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`the documentation uses {{${name}}}, which has no value`);
    return value;
  });
}

const PLACEHOLDER = /\{\{([a-z][\w-]*)\}\}/g;
