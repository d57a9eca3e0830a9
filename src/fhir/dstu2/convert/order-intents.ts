/** R4 intents of requests that DSTU2 shows. DSTU2 has only orders, so proposals and plans are hidden. */
export const ORDER_INTENTS: ReadonlySet<string> = new Set([
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
]);
