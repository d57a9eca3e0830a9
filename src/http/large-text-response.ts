import { type IncomingMessage, ServerResponse } from 'node:http';

/** Length in characters from which it costs more to copy a body than to send the head separately. */
const LARGE = 16_384;

/**
 * A response that avoids one copy of a large text. If the encoding of a body is `utf8`, Node joins the body with the
 * head, which copies both. With the equivalent name `utf-8`, Node sends them in one system call without joining them.
 */
export class LargeTextResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  // biome-ignore lint/suspicious/noExplicitAny: Node's method has several signatures, and all are passed on.
  override end(chunk?: any, encoding?: any, callback?: any): this {
    const isLarge = typeof chunk === 'string' && chunk.length >= LARGE;
    return super.end(chunk, isLarge ? (encoding ?? 'utf-8') : encoding, callback);
  }
}
