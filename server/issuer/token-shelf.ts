/** A token, code, session or grant as the provider stores it. */
export interface Stored {
	grantId?: string;
	uid?: string;
	userCode?: string;
	/** How often this line of refresh tokens has been renewed. */
	rotations?: number;
	consumed?: number;
	[key: string]: unknown;
}

interface Entry {
	payload: Stored;
	/** Milliseconds since 1970 UTC. */
	endsAt: number;
}

type Drawers = Map<string, Map<string, Entry>>;

const nowS = () => Math.floor(Date.now() / 1000);

/** Makes the provider's storage, in memory: what is in it ends with the process. */
export function createShelf(): (model: string) => TokenShelf {
	const drawers: Drawers = new Map();
	return (model) => new TokenShelf(model, drawers);
}

/**
 * One kind of what the provider stores. A refresh token is renewed each time it is used, and a used one that comes again
 * ends the whole line: somebody has a copy. But the answer with the new one may have got lost on the way, so the one before
 * stays good until one of its successors has been used, which proves that the answer arrived.
 */
export class TokenShelf {
	readonly #model: string;
	readonly #drawers: Drawers;

	constructor(model: string, drawers: Drawers) {
		this.#model = model;
		this.#drawers = drawers;
	}

	async upsert(id: string, payload: Stored, expiresIn?: number): Promise<void> {
		const endsAt = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000;
		this.#drawer().set(id, { payload, endsAt });
	}

	async find(id: string): Promise<Stored | undefined> {
		const entry = this.#drawer().get(id);
		if (entry && entry.endsAt > Date.now()) return entry.payload;
		this.#drawer().delete(id);
		return undefined;
	}

	async findByUid(uid: string): Promise<Stored | undefined> {
		return this.#search((payload) => payload.uid === uid);
	}

	async findByUserCode(userCode: string): Promise<Stored | undefined> {
		return this.#search((payload) => payload.userCode === userCode);
	}

	async consume(id: string): Promise<void> {
		const entry = this.#drawer().get(id);
		if (!entry) return;
		if (this.#model !== 'RefreshToken') {
			entry.payload.consumed = nowS();
			return;
		}
		const { grantId, rotations = 0 } = entry.payload;
		// That this one is used proves that its holder has it: those before, and those of answers that got lost, are over.
		for (const [other, { payload }] of this.#drawer()) {
			const isOfLine = other !== id && payload.grantId === grantId && (payload.rotations ?? 0) <= rotations;
			if (isOfLine) payload.consumed ??= nowS();
		}
	}

	async destroy(id: string): Promise<void> {
		this.#drawer().delete(id);
	}

	async revokeByGrantId(grantId: string): Promise<void> {
		for (const [id, { payload }] of this.#drawer()) if (payload.grantId === grantId) this.#drawer().delete(id);
	}

	#search(isMeant: (payload: Stored) => boolean): Stored | undefined {
		for (const { payload, endsAt } of this.#drawer().values())
			if (isMeant(payload) && endsAt > Date.now()) return payload;
		return undefined;
	}

	#drawer(): Map<string, Entry> {
		const drawer = this.#drawers.get(this.#model) ?? new Map<string, Entry>();
		this.#drawers.set(this.#model, drawer);
		return drawer;
	}
}
