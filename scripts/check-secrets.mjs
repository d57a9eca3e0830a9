// Looks for secrets in all files that git has or would add: private keys, tokens of known services, and URLs with a
// password (the recommended rules of secretlint), and private keys as JWK. The output never shows what was found.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { lintSource } from '@secretlint/core';
import { rules as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { EXCEPTIONS } from './secret-exceptions.mjs';

/** A member `d` of a JWK is the private key (RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2). */
const PRIVATE_JWK =
  /["']?\bkty["']?\s*:[^{}]*["']?\bd["']?\s*:\s*["'][\w-]{20,}["']|["']?\bd["']?\s*:\s*["'][\w-]{20,}["'][^{}]*["']?\bkty["']?\s*:/g;

const privateJwk = {
  messages: { PRIVATE_JWK: { en: () => 'found a private key as JWK' } },
  meta: { id: 'private-jwk', recommended: false, type: 'scanner', supportedContentTypes: ['text'] },
  create(context) {
    const translate = context.createTranslator(privateJwk.messages);
    return {
      file({ content }) {
        for (const { index, 0: text } of content.matchAll(PRIVATE_JWK))
          context.report({ message: translate('PRIVATE_JWK'), range: [index, index + text.length] });
      },
    };
  },
};

// Comments in a file can't turn a rule off. Exceptions are in one place, with their reasons.
const rules = recommended.filter(({ meta }) => meta.id !== '@secretlint/secretlint-rule-filter-comments');
const config = { rules: [...rules, privateJwk].map((rule) => ({ id: rule.meta.id, rule })) };

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
})
  .split('\0')
  .filter((name) => name !== '');
const found = (await Promise.all(files.map(scan))).flat();
const used = new Set(found.map(exceptionOf));
const problems = [
  ...found
    .filter((one) => exceptionOf(one) === undefined)
    .map(({ file, line, message }) => `${file}:${line}: ${message}`),
  ...EXCEPTIONS.filter((one) => !used.has(one) && files.includes(one.file)).map(
    ({ file, text }) => `${file}: the exception for ${text} isn’t needed any longer. Delete it.`,
  ),
];
for (const problem of problems) console.log(problem);
console.log(`${files.length} files scanned for secrets`);
if (problems.length > 0) process.exitCode = 1;

async function scan(file) {
  const content = textOf(file);
  if (content === undefined) return [];
  const source = { filePath: file, content, ext: path.extname(file), contentType: 'text' };
  const { messages } = await lintSource({ source, options: { config, maskSecrets: true } });
  return messages.map(({ message, range, loc }) => ({
    file,
    message,
    line: loc.start.line,
    text: content.slice(...range),
  }));
}

/** Returns the text of a file, or undefined if it is deleted, a link, or binary. */
function textOf(file) {
  try {
    const bytes = readFileSync(file);
    return bytes.includes(0) ? undefined : bytes.toString();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
    throw error;
  }
}

function exceptionOf({ file, text }) {
  return EXCEPTIONS.find((one) => one.file === file && text.includes(one.text));
}
