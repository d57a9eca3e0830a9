import { readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../../../docs/guide');

/** The pages of the documentation, in the order in which they are read: files of `docs/guide`. */
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

/** As it is written, with placeholders. */
export const readGuide = (page: GuidePage): string => readFileSync(path.join(FOLDER, `${page}.md`), 'utf8');

/** What a placeholder stands for, by its name: `{{r4}}`. */
export type Values = Readonly<Record<string, string>>;

/** Puts the values in. A name that nothing stands for is a fault of the page. */
export function filled(text: string, values: Values): string {
  return text.replaceAll(PLACEHOLDER, (_all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`the documentation asks for {{${name}}}, and there is no such thing`);
    return value;
  });
}

const PLACEHOLDER = /\{\{([a-z][\w-]*)\}\}/g;
