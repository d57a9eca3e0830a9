import { readFileSync } from 'node:fs';

/** A security label whose entries a patient's app sees only by the patient's own permission, in the words of the page. */
export interface SensitiveLabel {
  readonly system: string;
  readonly code: string;
  /** What kind of information it is. */
  readonly label: InBoth;
  /** Why it needs a permission of its own: the law that says so. */
  readonly basis: InBoth;
}
type InBoth = Readonly<Record<'en' | 'es', string>>;

const MOST = 20;
const LONGEST = 300;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;

/** @param fault is told of each thing that is wrong with the file */
export function readSensitiveLabels(file: string, fault: (message: string) => void): readonly SensitiveLabel[] {
  const found = parsed(file, fault);
  if (found === undefined) return [];
  if (!Array.isArray(found) || found.length > MOST) {
    fault(`names ${file}, which must hold an array of at most ${MOST} labels.`);
    return [];
  }
  const labels = found.map((one, index) =>
    labelOf(one, (what) => fault(`names ${file}, whose label ${index + 1} ${what}`)),
  );
  const keys = labels.map(({ system, code }) => `${system}|${code.toLowerCase()}`);
  if (new Set(keys).size < keys.length) fault(`names ${file}, which has a label twice.`);
  return labels;
}

function parsed(file: string, fault: (message: string) => void): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? 'is not JSON' : `can't be read (${(error as { code?: string }).code})`;
    fault(`names ${file}, which ${reason}.`);
    return undefined;
  }
}

function labelOf(value: unknown, fault: (what: string) => void): SensitiveLabel {
  const at = (name: string, of: unknown = value): string => {
    const text = name.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], of);
    if (typeof text === 'string' && text.trim() !== '' && text.length <= LONGEST && !CONTROL.test(text))
      return text.trim();
    fault(`needs ${name}: plain text of at most ${LONGEST} characters.`);
    return '';
  };
  const both = (name: string): InBoth => ({ en: at(`${name}.en`), es: at(`${name}.es`) });
  return { system: at('system'), code: at('code'), label: both('label'), basis: both('basis') };
}
