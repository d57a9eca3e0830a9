import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isPublicAddress, safeFetch } from './safe-fetch.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Starts a server on this machine and counts its connections. */
async function serving(answer: RequestListener) {
  const server = createServer(answer);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: new URL(`http://127.0.0.1:${port}/keys`), connections: () => connections };
}

describe('addresses that an app’s URL may resolve to', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '192.0.2.1',
    '::1',
    '::',
    '::127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fec0::1',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    '168.63.129.16',
    '::ffff:168.63.129.16',
    'localhost',
  ])('%s is not a public address', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is a public address', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('a private address is rejected before any connection, by IP address and by name', async () => {
    const { port, connections } = await serving((_request, response) => response.end('{}'));
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', 'localhost']) {
      const fetching = safeFetch(new URL(`https://${host}:${port}/`), { trusted: false });
      await expect(fetching, host).rejects.toThrow('its address isn’t public');
    }
    expect(connections()).toBe(0);
  });
  it('http is rejected unless the host is trusted', async () => {
    const { url } = await serving((_request, response) => response.end('{"keys":[]}'));
    await expect(safeFetch(url, { trusted: false })).rejects.toThrow('https');
    expect((await safeFetch(url, { trusted: true })).text).toBe('{"keys":[]}');
  });
  it('nothing but http and https is fetched', async () => {
    await expect(safeFetch(new URL('file:///etc/passwd'), { trusted: true })).rejects.toThrow('https');
  });
});

describe('responses', () => {
  it('a redirect is not followed', async () => {
    const { url, connections } = await serving((_request, response) =>
      response.writeHead(302, { location: '/other' }).end(),
    );
    await expect(safeFetch(url, { trusted: true })).rejects.toThrow('redirects aren’t followed');
    expect(connections()).toBe(1);
  });
  it('only status 200 is accepted', async () => {
    const { url } = await serving((_request, response) => response.writeHead(404).end());
    await expect(safeFetch(url, { trusted: true })).rejects.toThrow('status 404');
  });
  it.each([true, false])('the size limit is enforced (with content-length: %s)', async (announced) => {
    const body = 'x'.repeat(70_000);
    const { url } = await serving((_request, response) => {
      response.writeHead(200, announced ? { 'content-length': body.length } : {});
      response.write(body.slice(0, 40_000));
      response.end(body.slice(40_000));
    });
    await expect(safeFetch(url, { trusted: true })).rejects.toThrow('larger than 64 KB');
  });
  it('a server that never responds or never finishes times out', async () => {
    const silent = await serving(() => {});
    await expect(safeFetch(silent.url, { trusted: true, within: 100 })).rejects.toThrow('within 0.1 s');
    const endless = await serving((_request, response) => void response.write('{'));
    await expect(safeFetch(endless.url, { trusted: true, within: 100 })).rejects.toThrow('within 0.1 s');
  });
  it('an unreachable server is reported with the network error code', async () => {
    const { url } = await serving(() => {});
    for (const close of closers.splice(0)) close();
    await expect(safeFetch(url, { trusted: true })).rejects.toThrow("can't be reached (ECONNREFUSED)");
  });
  it('the request carries no headers of our own clients', async () => {
    const { url } = await serving((request, response) => response.end(JSON.stringify(request.headers)));
    const { text } = await safeFetch(url, { trusted: true });
    expect(Object.keys(JSON.parse(text)).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });
});
