/**
 * Error for text that can't be read as XML, and for resources that can't be written as XML. The message is meant for
 * the client.
 */
export class XmlError extends Error {
  override readonly name = 'XmlFault';
}
