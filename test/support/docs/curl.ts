// Implements the options of curl that the documentation uses, so that its examples run without curl.

export interface CurlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/**
 * @param words the arguments of the command
 * @param origin the server's origin in the documentation
 * @param listens the origin where the test server listens. It gets the requests to the documented origin
 */
export async function runCurl(words: readonly string[], origin: string, listens: string): Promise<CurlResponse> {
  const { url, method, headers, body } = requestOf(words);
  if (!url.startsWith(origin)) throw new Error(`${url} is not an address of this server`);
  const response = await fetch(listens + url.slice(origin.length), {
    method,
    headers: { accept: '*/*', ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

function requestOf(words: readonly string[]) {
  const headers: Record<string, string> = {};
  const data: string[] = [];
  let [method, url, inAddress]: [string | undefined, string | undefined, boolean] = [undefined, undefined, false];
  const options: Readonly<Record<string, (value: string) => unknown>> = {
    '-X': (value) => {
      method = value;
    },
    '-H': (value) => {
      const colon = value.indexOf(':');
      headers[value.slice(0, colon).trim().toLowerCase()] = value.slice(colon + 1).trim();
    },
    '-d': (value) => data.push(value),
    '--data-urlencode': (value) => {
      const equals = value.indexOf('=');
      data.push(`${value.slice(0, equals)}=${encodeURIComponent(value.slice(equals + 1))}`);
    },
    '-u': (value) => {
      headers['authorization'] = `Basic ${Buffer.from(value).toString('base64')}`;
    },
  };
  const remaining = [...words];
  for (let word = remaining.shift(); word !== undefined; word = remaining.shift()) {
    const option = options[word];
    if (word === '-G') inAddress = true;
    else if (word === '-i' || word === '-s') continue;
    else if (option !== undefined) option(remaining.shift() ?? '');
    else if (word.startsWith('-') || url !== undefined) throw new Error(`the tests' curl does not know ${word}`);
    else url = word;
  }
  if (url === undefined) throw new Error('curl was given no address');
  const sent = data.join('&');
  if (inAddress || sent === '') {
    const query = sent === '' ? '' : `${url.includes('?') ? '&' : '?'}${sent}`;
    return { url: `${url}${query}`, method: method ?? 'GET', headers, body: undefined };
  }
  headers['content-type'] ??= 'application/x-www-form-urlencoded';
  return { url, method: method ?? 'POST', headers, body: sent };
}
