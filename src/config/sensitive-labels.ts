import { readFileSync } from 'node:fs';
import type { LabelTranslations, SensitiveLabel } from '../domain/index.ts';

const MAX_LABELS = 20;
const MAX_TEXT_LENGTH = 300;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to reject
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Reads the file with the sensitive security labels. @param report receives each error in the file */
export function readSensitiveLabels(file: string, report: (message: string) => void): readonly SensitiveLabel[] {
  const found = parseFile(file, report);
  if (found === undefined) return [];
  if (!Array.isArray(found) || found.length > MAX_LABELS) {
    report(`names ${file}, which must contain an array of at most ${MAX_LABELS} labels.`);
    return [];
  }
  const labels = found.map((one, index) =>
    readLabel(one, (what) => report(`names ${file}. Its label ${index + 1} ${what}`)),
  );
  const keys = labels.map(({ system, code }) => `${system}|${code.toLowerCase()}`);
  if (new Set(keys).size < keys.length) report(`names ${file}, which contains a label twice.`);
  return labels;
}

function parseFile(file: string, report: (message: string) => void): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? "isn't valid JSON" : `can't be read (${(error as { code?: string }).code})`;
    report(`names ${file}, which ${reason}.`);
    return undefined;
  }
}

function readLabel(value: unknown, report: (what: string) => void): SensitiveLabel {
  const at = (name: string, of: unknown = value): string => {
    const text = name.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], of);
    if (typeof text === 'string' && text.trim() !== '' && text.length <= MAX_TEXT_LENGTH && !CONTROL.test(text))
      return text.trim();
    report(`needs ${name}: plain text of at most ${MAX_TEXT_LENGTH} characters.`);
    return '';
  };
  const both = (name: string): LabelTranslations => ({ en: at(`${name}.en`), es: at(`${name}.es`) });
  return { system: at('system'), code: at('code'), label: both('label'), basis: both('basis') };
}
