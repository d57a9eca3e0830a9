import { readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../../../docs/guide');

/** Groups of documentation pages, in reading order. Each page is a file of `docs/guide`. */
export const GUIDE_GROUPS = [
  { name: 'start', pages: ['getting-started', 'faq'] },
  {
    name: 'tasks',
    pages: [
      'get-a-token',
      'read-a-record',
      'search-and-page',
      'documents',
      'dstu2',
      'handle-errors',
      'revoke',
      'staff-launch',
      'backend-services',
      'send-data',
      'dynamic-registration',
      'moving-from-nextgen',
      'enrollment',
    ],
  },
  {
    name: 'reference',
    pages: [
      'registration',
      'authentication',
      'scopes',
      'data',
      'dstu2-losses',
      'errors',
      'limits',
      'portal-api',
      'changelog',
    ],
  },
] as const;
export type GuidePage = (typeof GUIDE_GROUPS)[number]['pages'][number];

/** All pages of the documentation in reading order. */
export const GUIDE: readonly GuidePage[] = GUIDE_GROUPS.flatMap(({ pages }): readonly GuidePage[] => pages);

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
