// What curl does, as far as the documentation uses it: so that its examples run where there is none. What was answered is
// written to DOCS_ANSWER; what is asked of DOCS_ORIGIN goes to where the server of the test listens.
import { writeFileSync } from 'node:fs';
import { argv, env, stdout } from 'node:process';

const { DOCS_ORIGIN = '', DOCS_LISTENS = '', DOCS_ANSWER = '' } = env;
const asked = { method: undefined, headers: {}, data: [], get: false, url: undefined };

const OPTIONS = {
  '-X': (value) => (asked.method = value),
  '-H': (value) => {
    const colon = value.indexOf(':');
    asked.headers[value.slice(0, colon).trim().toLowerCase()] = value.slice(colon + 1).trim();
  },
  '-d': (value) => asked.data.push(value),
  '--data-urlencode': (value) => {
    const equals = value.indexOf('=');
    asked.data.push(`${value.slice(0, equals)}=${encodeURIComponent(value.slice(equals + 1))}`);
  },
  '-u': (value) => (asked.headers['authorization'] = `Basic ${Buffer.from(value).toString('base64')}`),
};

const given = argv.slice(2);
while (given.length > 0) {
  const word = given.shift();
  if (word === '-G') asked.get = true;
  else if (word === '-i' || word === '-s') continue;
  else if (OPTIONS[word] !== undefined) OPTIONS[word](given.shift());
  else if (word.startsWith('-') || asked.url !== undefined) throw new Error(`the tests' curl does not know ${word}`);
  else asked.url = word;
}

const body = asked.data.join('&');
const query = asked.get && body !== '' ? `${asked.url.includes('?') ? '&' : '?'}${body}` : '';
const sends = body !== '' && !asked.get;
const url = `${asked.url}${query}`;
if (!url.startsWith(DOCS_ORIGIN)) throw new Error(`${url} is no address of this server`);
if (sends) asked.headers['content-type'] ??= 'application/x-www-form-urlencoded';

const response = await fetch(DOCS_LISTENS + url.slice(DOCS_ORIGIN.length), {
  method: asked.method ?? (sends ? 'POST' : 'GET'),
  headers: { accept: '*/*', ...asked.headers },
  redirect: 'manual',
  ...(sends ? { body } : {}),
});
const text = await response.text();
writeFileSync(
  DOCS_ANSWER,
  JSON.stringify({ status: response.status, headers: Object.fromEntries(response.headers), body: text }),
);
stdout.write(text);
