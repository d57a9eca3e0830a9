import { readFileSync } from 'node:fs';
import { isLanguage, type Language } from '../../i18n/index.ts';
import { isObject, OperatorError } from '../../kernel/index.ts';
import { sanitizeText } from '../sanitize-text.ts';

/** Plain names for medical terms, from a file of the operator. */
export interface ConsumerNames {
  /** Finds the name of a Coding in a language. */
  find(language: Language, coding: unknown): string | undefined;
}

/**
 * Reads the plain names for medical terms from a JSON file. Without a file, no term has a plain name.
 * @throws {OperatorError} if the file isn't valid
 */
export function readConsumerNames(file: string | undefined): ConsumerNames {
  const names = new Map(file === undefined ? [] : readEntries(file));
  return {
    find(language, coding) {
      if (names.size === 0 || !isObject(coding)) return undefined;
      const { system, code } = coding;
      return names.get(toKey(language, system, code));
    },
  };
}

const toKey = (language: unknown, system: unknown, code: unknown): string => JSON.stringify([language, system, code]);

function readEntries(file: string): readonly (readonly [key: string, name: string])[] {
  const entries = parseFile(file);
  if (!Array.isArray(entries)) throw new OperatorError(`CONSUMER_NAMES names ${file}, which must contain an array.`);
  return entries.map((entry: unknown, index) => {
    const { system, code, language, name } = isObject(entry) ? entry : {};
    const texts = [system, code, name].filter((text) => typeof text === 'string' && text.trim() !== '');
    if (texts.length < 3 || !isLanguage(language))
      throw new OperatorError(
        `CONSUMER_NAMES names ${file}. Its entry ${index + 1} needs system, code, name, and language: en or es.`,
      );
    return [toKey(language, system, code), sanitizeText(String(name))];
  });
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'isn’t valid JSON' : 'can’t be read';
    throw new OperatorError(`CONSUMER_NAMES names ${file}, which ${reason}.`);
  }
}
