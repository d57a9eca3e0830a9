import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** The parts of a request that tell which headers it has, and who sent it. */
export type ReceivedRequest = Pick<IncomingMessage, 'headers' | 'socket'>;

/** The proxies in `TRUST_PROXY`. Only their headers count: everyone else could send any client address, id or trace. */
export interface TrustedProxies {
  /** The option `trustProxy` of Fastify, which takes the client's address from `X-Forwarded-For`. */
  readonly option: false | ((address: string, hop: number) => boolean);
  /** Tells whether a trusted proxy sent a request. */
  sent(request: Pick<ReceivedRequest, 'socket'>): boolean;
}

/** @param addresses IP addresses, networks (CIDR) and names such as `loopback` */
export function createTrustedProxies(addresses: readonly string[]): TrustedProxies {
  if (addresses.length === 0) return { option: false, sent: () => false };
  const isTrusted = proxyAddr.compile([...addresses]);
  return {
    option: isTrusted,
    sent: ({ socket: { remoteAddress } }) => remoteAddress !== undefined && isTrusted(remoteAddress, 0),
  };
}
