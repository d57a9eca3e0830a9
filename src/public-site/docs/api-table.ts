import { code, escapeMarkdown, table } from './table.ts';

/** The part of an OpenAPI document that the table displays. */
export interface ApiDescription {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { tags?: readonly string[]; summary?: string }>>>>;
}

/** Lists all routes of the portal's JSON API by tag, from its OpenAPI document. */
export function apiRoutesTable({ paths = {} }: ApiDescription): string {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { tags, summary }]) => ({
      tag: tags?.[0] ?? 'others',
      row: [escapeMarkdown(summary ?? ''), code(`${method.toUpperCase()} ${path}`)],
    })),
  );
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return tags
    .map((tag) => {
      const rows = routes.filter((route) => route.tag === tag).map(({ row }) => row);
      return `### ${capitalize(tag)}\n\n${table(['What it does', 'Call'], rows)}`;
    })
    .join('\n\n');
}

const capitalize = (tag: string): string => `${tag.charAt(0).toUpperCase()}${tag.slice(1)}`;
