/* How long a vault opens without the server. A lease is { contactAt, length, seenAt }: when the server was last reached,
   how long that lasts, and the latest moment that was ever seen here, in milliseconds of this tablet's clock. Time never
   goes back: a clock that is set back stands still until it has caught up, and runs on by itself while the page does. */
/** @import { Lease } from "shapes/tablet.d.ts" */
const HOUR = 3_600_000;

/** @type {(hours: number, now?: number) => Lease} */
export const begin = (hours, now = Date.now()) => ({ contactAt: now, length: hours * HOUR, seenAt: now });

/* The lease with this moment seen. `running` is how long the page ran since `lease` was read. */
/** @type {(lease: Lease, now?: number, running?: number) => Lease} */
export const see = (lease, now = Date.now(), running = 0) => ({
  ...lease,
  seenAt: Math.max(now, lease.seenAt + running),
});

/* A vault of a version without leases has none: it gets one at its next contact. */
/** @type {(lease: Lease | null | undefined) => boolean} */
export const isOver = (lease) => !!lease && lease.seenAt - lease.contactAt >= lease.length;
