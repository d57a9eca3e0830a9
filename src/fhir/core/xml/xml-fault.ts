/** Why something can't be read from XML or written as XML, in words for whoever sent it or asked for it. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}
