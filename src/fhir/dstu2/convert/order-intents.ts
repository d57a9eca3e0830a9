/** R4 intents of requests that DSTU2 shows, which has orders only. */
export const ORDER_INTENTS: ReadonlySet<string> = new Set([
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
]);
