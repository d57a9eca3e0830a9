import { BEARER_OPTION, joinLines, shellQuote } from './curl.ts';

/** A GET request to the FHIR API. */
export interface FhirRequest {
  readonly url: string;
  /** Name of the file in which the response is saved. undefined if the response is JSON, which is printed. */
  readonly fileName: string | undefined;
}

export const SNIPPET_LANGUAGES = ['curl', 'fetch', 'python'] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

/**
 * Returns code that sends a FHIR request. It reads the access token from the environment variable `ACCESS_TOKEN` and
 * needs no package: curl in a POSIX shell, `fetch` in Node 18 or newer, or the standard library of Python 3.9 or newer.
 */
export const toSnippet = (language: SnippetLanguage, { url, fileName }: FhirRequest): string =>
  TEMPLATES[language](asciiUrl(url), fileName?.replaceAll(/[^\w.-]/g, '_'));

/** Returns the shell command that sets the access token for the snippets. */
export const tokenCommand = (token: string): string => `export ACCESS_TOKEN=${shellQuote(token)}`;

type Template = (url: string, fileName: string | undefined) => string;

const TEMPLATES: Readonly<Record<SnippetLanguage, Template>> = {
  curl: (url, fileName) =>
    joinLines(
      `curl ${shellQuote(url)}`,
      `-H ${shellQuote('Accept: application/json')}`,
      BEARER_OPTION,
      ...(fileName === undefined ? [] : [`-o ${shellQuote(fileName)}`]),
    ),
  fetch: (url, fileName) =>
    lines(
      ...(fileName === undefined ? [] : ["import { writeFile } from 'node:fs/promises';", '']),
      'const accessToken = process.env.ACCESS_TOKEN;',
      '',
      `const response = await fetch(${stringLiteral(url)}, {`,
      '  headers: {',
      "    Accept: 'application/json',",
      `    Authorization: \`Bearer \${accessToken}\`,`,
      '  },',
      '});',
      'console.log(response.status);',
      ...(fileName === undefined
        ? ['console.log(JSON.stringify(await response.json(), null, 2));']
        : [`await writeFile(${stringLiteral(fileName)}, Buffer.from(await response.arrayBuffer()));`]),
    ),
  // The empty line after `except` ends the block when the code is pasted into the interactive interpreter.
  python: (url, fileName) =>
    lines(
      'import os',
      'import urllib.error',
      'import urllib.request',
      '',
      'access_token = os.environ["ACCESS_TOKEN"]',
      '',
      'request = urllib.request.Request(',
      `    ${stringLiteral(url)},`,
      '    headers={',
      '        "Accept": "application/json",',
      '        "Authorization": f"Bearer {access_token}",',
      '    },',
      ')',
      'try:',
      '    response = urllib.request.urlopen(request)',
      'except urllib.error.HTTPError as error:',
      '    response = error',
      '',
      'print(response.status)',
      ...(fileName === undefined
        ? ['print(response.read().decode())']
        : [`with open(${stringLiteral(fileName)}, "wb") as file:`, '    file.write(response.read())', '']),
    ),
};

const lines = (...all: readonly string[]): string => all.join('\n');

/** Returns a text as a string literal that JavaScript and Python read alike, which a JSON string is. */
const stringLiteral = (text: string): string => JSON.stringify(text);

/**
 * Returns a URL as the browser sends it, and with the characters encoded that browsers send as they are but curl or
 * Python don't accept. For example, curl reads brackets as a list of URLs.
 */
function asciiUrl(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search}`.replace(
    /[^\w\-.~:/?#@!$&()*+,;=%]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
