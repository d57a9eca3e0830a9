export { type Delivery, type DeliveryDeps, openDelivery } from './deliver.ts';
export { mailHealth, reachMailServer } from './health.ts';
export { foldAddress, isAddress, type Letter } from './letter.ts';
export { type OpenPost, openPost, type Post } from './post.ts';
export { type KeptMail, latestMail, sweepMail } from './store.ts';
