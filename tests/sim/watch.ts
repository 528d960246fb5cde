import type { SimClient } from './sim-client.ts';
import type { World } from './world.ts';

interface Seen {
	/** The store it belongs to, and the person and accounts it is for. */
	scope: string;
	place: number[];
	/** Profiles copied or put back when it was seen. */
	copies: number;
}

/** Looks after each step whether what must hold at any moment holds: cursors only go on, and "acknowledged" is true. */
export class Watch {
	readonly #world: World;
	readonly #cursors = new WeakMap<SimClient, Seen>();
	readonly #answers = new WeakSet<object>();

	constructor(world: World) {
		this.#world = world;
	}

	async look(client: SimClient): Promise<void> {
		this.#lookAtCursor(client);
		const status = client.lastStatus;
		if (status?.state !== 'acknowledged' || this.#answers.has(status) || this.#world.restores > 0) return;
		this.#answers.add(status);
		await this.#lookAtAnswer(client);
	}

	#lookAtCursor(client: SimClient): void {
		const [row] = client.rows<{ value: string }>("SELECT value FROM meta WHERE key = 'cursor'");
		const before = this.#cursors.get(client);
		if (!row) return;
		const [, epoch, scope, seq, ord] = JSON.parse(
			Buffer.from(row.value.split('.')[0] as string, 'base64url').toString(),
		) as [number, string, string, number, number];
		const now: Seen = {
			scope: `${epoch} ${scope}`,
			place: [seq, ord],
			copies: this.#world.copies,
		};
		const [oldSeq = 0, oldOrd = 0] = before?.place ?? [];
		if (before?.scope === now.scope && seq === oldSeq && ord === oldOrd) return;
		this.#cursors.set(client, now);
		// A server that went back takes its laptops along.
		if (before?.scope !== now.scope || before.copies !== now.copies || this.#world.restores > 0) return;
		if (seq < oldSeq || (seq === oldSeq && ord < oldOrd))
			this.#world.problem(`${client.setup.name}: the cursor went back from ${before.place} to ${now.place}`);
	}

	/** What the laptop holds for sent is what the server has counted. */
	async #lookAtAnswer(client: SimClient): Promise<void> {
		const [sent] = client.rows<{ no: number | null; device: string }>(
			"SELECT max(group_no) AS no, (SELECT value FROM meta WHERE key = 'device_id') AS device FROM outbox WHERE sent_at IS NOT NULL",
		);
		const [device] = await this.#world.server.query<{ last: number }>(
			'select last_group::int as last from device where id = $1',
			[sent?.device],
		);
		if ((sent?.no ?? 0) > (device?.last ?? 0))
			this.#world.problem(`${client.setup.name} believes ${sent?.no} groups sent, the server has ${device?.last}`);
	}
}
