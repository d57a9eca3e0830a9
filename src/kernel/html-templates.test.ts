import { readdirSync, readFileSync } from 'node:fs';
import { type Node, parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

/**
 * Files that use `raw`, each with the reason why no input can make that use unsafe. A new use needs an entry and a
 * review.
 */
const RAW_USES: Readonly<Record<string, string>> = {
  'src/enrollment/letter/page.ts': 'uqr draws the QR code of a link as SVG paths. The link is not part of the text.',
  'src/mail/html/render.ts':
    'The style sheet of an email consists of the design tokens and of colors that `accentColors` returns as #rrggbb.',
  'src/practice-portal/patients/actions/link-page.ts':
    'uqr draws the QR code of a link as SVG paths. The link is not part of the text.',
  'src/public-site/docs/markdown.ts':
    'markdown-it renders files of the repository and addresses of this server, with HTML in them disabled.',
  'src/web-pages/account-security/factors.ts':
    'uqr draws the QR code of an otpauth address as SVG paths. The address is not part of the text.',
};

/**
 * Variables that an `html` template may insert as the name of an element, as in `<${level}>`. Their types allow only
 * heading elements.
 */
const ELEMENT_NAMES = ['heading', 'level'];

const ROOT = new URL('../../', import.meta.url);
const files = readdirSync(new URL('src', ROOT), { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

interface Inserted {
  /** Text of the template before the inserted value. */
  readonly before: string;
  readonly code: string;
}

/** Counts the uses of `raw` in a source file, and lists the values that its `html` templates insert. */
function readFile(file: string): { readonly rawUses: number; readonly inserted: readonly Inserted[] } {
  const code = readFileSync(new URL(file, ROOT), 'utf8');
  const inserted: Inserted[] = [];
  const isNamed = (node: Node, name: string): boolean => node.type === 'Identifier' && node.name === name;
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (!isNamed(tag, 'html')) return;
      let before = '';
      quasi.expressions.forEach((expression, index) => {
        before += quasi.quasis[index]?.value.raw;
        inserted.push({ before, code: code.slice(expression.start, expression.end) });
        before += 'x';
      });
    },
  }).visit(parseSync(file, code).program);
  return { rawUses: countRawUses(code), inserted };
}

const found = new Map(
  files.filter((file) => file !== 'src/kernel/html.ts').map((file) => [file, readFile(file)] as const),
);

/**
 * Counts the uses of `raw` in source code. An import under another name counts as a use, because its calls can't be
 * found by name.
 */
function countRawUses(code: string): number {
  const imported = /^import [^;]*\braw\b( as)?[^;]* from '[^']*kernel\/[^']*';$/m.exec(code);
  const words = code.match(/\braw\b/g) ?? [];
  return imported === null ? 0 : words.length - (imported[1] === undefined ? 1 : 0);
}

/** Returns the start tag that contains the inserted value; undefined if the value is in text. */
const openTag = (before: string): string | undefined => /<[^<>]*$/.exec(before)?.[0];
const isInQuotes = (tag: string): boolean => (tag.match(/"/g) ?? []).length % 2 === 1;

describe('raw', () => {
  it('is used only where it is listed, once in each file', () => {
    const uses = [...found].flatMap(([file, { rawUses }]) => Array.from({ length: rawUses }, () => file));
    expect(uses.sort()).toEqual(Object.keys(RAW_USES));
  });
});

describe('the templates', () => {
  const inserted = [...found].flatMap(([file, values]) => values.inserted.map((value) => ({ file, ...value })));

  it('have values in text, in double quotes, or as attributes', () => {
    const wrong = inserted.filter(({ before, code }) => {
      const tag = openTag(before);
      if (tag === undefined || isInQuotes(tag)) return false;
      if (/^<\/?$/.test(tag)) return !ELEMENT_NAMES.includes(code);
      return !/^(attribute\(|\w*Attributes?(\(|$))/.test(code) || !tag.endsWith(' ');
    });
    expect(inserted.length).toBeGreaterThan(1000);
    expect(wrong).toEqual([]);
  });

  it('have no values in script and style elements, except JSON', () => {
    const within = inserted.filter(({ before }) => /<(script|style)\b[^>]*>(?!.*<\/\1)/is.test(before));
    expect(within.map(({ code }) => code)).toEqual(['toScriptJson(page)', 'toScriptJson(config)']);
  });

  it('have no event handlers, inline styles and comments', () => {
    const wrong = inserted.filter(({ before }) => /\son\w+="[^"]*$|\sstyle="[^"]*$|<!--(?!.*-->)/is.test(before));
    expect(wrong).toEqual([]);
  });
});
