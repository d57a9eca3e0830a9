/** Text can't be read or written as XML. The message is meant for the client. */
export class XmlError extends Error {
  override readonly name = 'XmlFault';
}
