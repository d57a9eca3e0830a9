import type { FastifyRequest } from 'fastify';

/**
 * Whether the request comes from this machine to a server that only serves this machine. A reverse proxy on this
 * machine also connects from this machine, but then PUBLIC_URL is the proxy's address or the proxy sends forwarding
 * headers. The Host header is checked against DNS rebinding, where a foreign host name points to this machine.
 */
export function isLocalRequest(request: FastifyRequest, publicUrl: string): boolean {
  const { headers, socket } = request.raw;
  const forwarded = Object.keys(headers).some((name) => PROXY_HEADER.test(name));
  return (
    isLoopbackName(new URL(publicUrl).hostname) &&
    isLoopbackName(parseHostname(headers.host)) &&
    isLoopbackAddress(socket.remoteAddress ?? '') &&
    !forwarded
  );
}

/**
 * Headers that show that a proxy or tunnel forwarded the request: those of RFC 7239 and RFC 9110 §7.6.3, and
 * nonstandard ones.
 */
const PROXY_HEADER = /^(?:forwarded|via|x-forwarded.*|x-real-ip|x-original-.*|.*client-ip|cf-.*|x-envoy-.*)$/;

const isLoopbackAddress = (address: string): boolean => /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address);

/** Whether a host in a URL means this machine: a `localhost` name (RFC 6761 §6.3) or a loopback address. */
const isLoopbackName = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);

/** Matches a Host header: a host with an optional port. RFC 9110 §7.2 */
const HOST = /^([\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;

const parseHostname = (host = ''): string => HOST.exec(host)?.[1]?.toLowerCase() ?? '';
