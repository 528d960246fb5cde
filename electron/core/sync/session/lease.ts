import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import type { Lease } from '../../../../shared/contract/session.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 7;
/** How often the clock is noted: one set back by more than this does not lengthen the lease. */
const NOTE_MS = 3_600_000;

/**
 * How long a laptop may work without a contact, as its server said. When that is over the workbook stays shut until the
 * next contact, which may send as ever; nothing is deleted for it.
 */
export class LeaseWatch {
	readonly #store: Store;
	readonly #now: () => Date;
	#days = 0;
	#contactMs: number | undefined;
	#latestMs = 0;

	constructor(store: Store, now: () => Date) {
		this.#store = store;
		this.#now = now;
		this.#read();
	}

	/** The server has answered. Within a transaction. */
	noteContact(days: number): void {
		const at = this.#now().toISOString();
		writeMeta(this.#store, 'lease_days', days > 0 ? String(days) : null);
		writeMeta(this.#store, 'contact_at', at);
		// A clock that had run ahead and was put right must not count against the laptop any longer.
		writeMeta(this.#store, 'clock_seen', at);
		this.#read();
	}

	/** Notes how late it has been on this laptop. Within a transaction. */
	noteClock(): void {
		const now = this.#now().getTime();
		if (now - this.#latestMs < NOTE_MS) return;
		writeMeta(this.#store, 'clock_seen', new Date(now).toISOString());
		this.#read();
	}

	isOver(): boolean {
		return this.#endsAt() <= this.#time();
	}

	status(): Lease {
		const contactAt = this.#contactMs === undefined ? null : new Date(this.#contactMs).toISOString();
		const left = this.#endsAt() - this.#time();
		if (!Number.isFinite(left)) return { state: 'none', daysLeft: null, contactAt };
		const daysLeft = Math.max(0, Math.ceil(left / DAY_MS));
		return { state: left <= 0 ? 'over' : daysLeft <= SOON_DAYS ? 'soon' : 'ok', daysLeft, contactAt };
	}

	#endsAt(): number {
		if (this.#days === 0 || this.#contactMs === undefined) return Number.POSITIVE_INFINITY;
		return this.#contactMs + this.#days * DAY_MS;
	}

	#time(): number {
		return Math.max(this.#now().getTime(), this.#latestMs);
	}

	#read(): void {
		this.#days = Number(readMeta(this.#store, 'lease_days') ?? 0);
		const contactAt = readMeta(this.#store, 'contact_at');
		this.#contactMs = contactAt === undefined ? undefined : Date.parse(contactAt);
		this.#latestMs = Date.parse(readMeta(this.#store, 'clock_seen') ?? '') || 0;
	}
}
