import { getMessages } from '../../i18n/index.ts';
import {
  ACCOMPANIED_CATEGORIES,
  type DataCategory,
  RESOURCE_CATEGORIES,
  type ServedTypes,
  SUPPORTING_TYPES,
} from '../../oauth/index.ts';
import { code, codes, escapeMarkdown, table } from './table.ts';

const { dataCategories } = getMessages('en');
const LABELS: Readonly<Record<string, { readonly label: string; readonly detail: string }>> = dataCategories.types;
const PARTS: Readonly<Record<string, Readonly<Record<string, { readonly label: string; readonly detail: string }>>>> =
  dataCategories.parts;
const SUPPORTING_LABELS: Readonly<Record<string, string>> = dataCategories.supporting;

/**
 * Builds the table of scopes with one row for each resource type, including the texts that patients
 * read on the consent page.
 */
export function scopesTable(types: ServedTypes): string {
  const rows = types.names.map((type) => {
    const { label, detail } = LABELS[type] ?? { label: SUPPORTING_LABELS[type] ?? type, detail: '' };
    const other = Object.entries(types.aliases).find(([, stored]) => stored === type)?.[0];
    const names = [`patient/${type}.rs`, ...(other === undefined ? [] : [`patient/${other}.rs`])];
    const line = SUPPORTING_TYPES.includes(type)
      ? 'No consent item of its own: included with the types that refer to it.'
      : escapeMarkdown(detail);
    return [codes(names), escapeMarkdown(label), `${line}${inclusionNote(type)}`];
  });
  return table(['Scope', 'Shown to patients as', 'Description'], rows);
}

/**
 * Returns a note about a type that accompanies other types, as Medication accompanies
 * MedicationRequest. The consent page has an item for such a type only if the app requests none of
 * the types that it accompanies. Returns an empty text for all other types.
 */
function inclusionNote(type: string): string {
  const kinds = ACCOMPANIED_CATEGORIES[type as DataCategory];
  return kinds === undefined
    ? ''
    : ` No consent item of its own if the app also requests ${codes(kinds)}: it is allowed and denied with them.`;
}

/** Lists, for each resource type, the granular scopes about which patients decide separately. */
export function granularScopeLists(): string {
  return Object.entries(RESOURCE_CATEGORIES)
    .map(([type, categories]) => `### Parts of ${type}\n\n${granularScopeList(type, categories)}`)
    .join('\n\n');
}

function granularScopeList(type: string, categories: (typeof RESOURCE_CATEGORIES)[string]): string {
  return Object.entries(categories)
    .map(([name, { codings }]) => {
      const [first = '', ...others] = codings;
      const { label, detail } = PARTS[type]?.[name] ?? { label: name, detail: '' };
      const along = others.length === 0 ? '' : ` Same consent item: ${codes(others)}.`;
      return `- **${escapeMarkdown(label)}**: ${escapeMarkdown(detail)} ${code(`patient/${type}.rs?category=${first}`)}.${along}`;
    })
    .join('\n');
}
