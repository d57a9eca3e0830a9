import type { FastifyRequest } from 'fastify';

/**
 * Whether somebody on this very machine asks, of a server that is for this machine alone. A reverse proxy beside the server
 * connects from here too: then PUBLIC_URL is its address, or it says for whom it asks. And a page elsewhere whose host's
 * name was pointed here (DNS rebinding) names that host.
 */
export function isAtHome(request: FastifyRequest, publicUrl: string): boolean {
  const { headers, socket } = request.raw;
  const forwarded = Object.keys(headers).some((name) => OF_A_PROXY.test(name));
  return (
    isLoopbackName(new URL(publicUrl).hostname) &&
    isLoopbackName(hostnameIn(headers.host)) &&
    isLoopbackAddress(socket.remoteAddress ?? '') &&
    !forwarded
  );
}

/** RFC 7239, RFC 9110 §7.6.3, and what proxies and tunnels used before and still do. */
const OF_A_PROXY = /^(?:forwarded|via|x-forwarded.*|x-real-ip|x-original-.*|.*client-ip|cf-.*|x-envoy-.*)$/;

const isLoopbackAddress = (address: string): boolean => /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address);

/** RFC 6761 §6.3 and the addresses themselves, as a URL has them. */
const isLoopbackName = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);

/** RFC 9110 §7.2: a host, and perhaps a port. */
const HOST = /^([\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;

const hostnameIn = (host = ''): string => HOST.exec(host)?.[1]?.toLowerCase() ?? '';
