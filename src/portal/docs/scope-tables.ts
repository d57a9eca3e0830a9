import { CATEGORIES, GOES_WITH, type KindName, type ServedTypes, SUPPORTING } from '../../oauth/index.ts';
import { wordsIn } from '../../words/index.ts';
import { code, codes, plain, table } from './table.ts';

const { kinds } = wordsIn('en');
const LABELS: Readonly<Record<string, { readonly label: string; readonly detail: string }>> = kinds.types;
const PARTS: Readonly<Record<string, Readonly<Record<string, { readonly label: string; readonly detail: string }>>>> =
  kinds.parts;
const ALONG: Readonly<Record<string, string>> = kinds.supporting;

/** Table with one row for each served type, with the texts that patients read. */
export function scopesByType(types: ServedTypes): string {
  const rows = types.names.map((type) => {
    const { label, detail } = LABELS[type] ?? { label: ALONG[type] ?? type, detail: '' };
    const other = Object.entries(types.aliases).find(([, stored]) => stored === type)?.[0];
    const names = [`patient/${type}.rs`, ...(other === undefined ? [] : [`patient/${other}.rs`])];
    const line = SUPPORTING.includes(type)
      ? 'No consent item of its own: included with the types that refer to it.'
      : plain(detail);
    return [codes(names), plain(label), `${line}${alongOf(type)}`];
  });
  return table(['Scope', 'What patients read', 'What it is'], rows);
}

/** Explains types that have their own line on the consent page only when requested alone. */
function alongOf(type: string): string {
  const kinds = GOES_WITH[type as KindName];
  return kinds === undefined
    ? ''
    : ` No consent item of its own if the app also requests ${codes(kinds)}: it is allowed and denied with them.`;
}

/** For each type, lists the granular scopes about which patients decide separately. */
export function granularScopes(): string {
  return Object.entries(CATEGORIES)
    .map(([type, parts]) => `### Parts of ${type}\n\n${partsOf(type, parts)}`)
    .join('\n\n');
}

function partsOf(type: string, parts: (typeof CATEGORIES)[string]): string {
  return Object.entries(parts)
    .map(([name, { codings }]) => {
      const [first = '', ...others] = codings;
      const { label, detail } = PARTS[type]?.[name] ?? { label: name, detail: '' };
      const along = others.length === 0 ? '' : ` Same consent item: ${codes(others)}.`;
      return `- **${plain(label)}**: ${plain(detail)} ${code(`patient/${type}.rs?category=${first}`)}.${along}`;
    })
    .join('\n');
}
