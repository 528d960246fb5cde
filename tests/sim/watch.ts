import { isDeepStrictEqual } from 'node:util';
import type { Op } from '../../shared/sync/protocol.ts';
import { readVersions } from '../../shared/sync/version.ts';
import type { SimClient } from './sim-client.ts';
import type { World } from './world.ts';

/** A refused record that was made anew has its edits in it, also those that were handed over and not answered yet. */
function isMadeAnew(client: SimClient, rowId: string, edit: { field: string; value: unknown }): boolean {
	const makings = client.rows<{ op: string }>(
		"SELECT op FROM outbox_op WHERE row_id = ? AND kind = 'create' AND pending = 1",
		rowId,
	);
	return makings.some(({ op }) => {
		const { v } = JSON.parse(op) as Extract<Op, { k: 'create' }>;
		return isDeepStrictEqual(v[edit.field] ?? null, edit.value ?? null);
	});
}

interface Seen {
	/** The store it belongs to, and the person and accounts it is for. */
	scope: string;
	place: number[];
	/** Profiles copied or put back when it was seen. */
	copies: number;
}

/** A version of one field, as it stood on one laptop at one time. */
export interface Reading {
	client: string;
	/** "issue id field". */
	key: string;
	version: string;
}

/** Looks after each step whether what must hold at any moment holds: cursors only go on, and "acknowledged" is true. */
export class Watch {
	/** What stood on laptops, in the order in which it did. */
	readonly readings: Reading[] = [];
	readonly #world: World;
	readonly #cursors = new WeakMap<SimClient, Seen>();
	readonly #answers = new WeakSet<object>();
	readonly #last = new Map<string, string>();

	constructor(world: World) {
		this.#world = world;
	}

	async look(client: SimClient): Promise<void> {
		const isNews = this.#lookAtCursor(client);
		this.#read(client);
		if (isNews) this.lookAtQueue(client);
		if (isNews && !this.#world.mayCutCommits) this.#lookAtGroups(client);
		const status = client.lastStatus;
		const isAnswered = status?.state === 'acknowledged' || status?.state === 'partly';
		if (!isAnswered || this.#answers.has(status) || this.#world.restores > 0) return;
		this.#answers.add(status);
		await this.#lookAtAnswer(client);
	}

	/** What is queued is shown: after a crash both are of the same transactions, and nothing fetched hides one's own edit. */
	lookAtQueue(client: SimClient): void {
		const rows = client.rows<{ entity: string; row_id: string; op: string }>(
			`SELECT entity, row_id, op FROM outbox_op WHERE pending = 1 AND kind = 'set' ORDER BY group_no DESC, op_no DESC LIMIT 30`,
		);
		const met = new Set<string>();
		for (const { entity, row_id, op } of rows) {
			const { f, hlc } = JSON.parse(op) as Extract<Op, { k: 'set' }>;
			const [row] = client.rows<{ fv: string }>(`SELECT fv FROM ${entity} WHERE id = ?`, row_id);
			for (const field of Object.keys(f)) {
				const key = `${entity} ${row_id} ${field}`;
				if (met.has(key)) continue;
				met.add(key);
				const stands = row && (readVersions(row.fv)[field] ?? readVersions(row.fv)['*'] ?? '');
				// A record that went with its account has taken its edits along.
				if (stands !== undefined && stands !== hlc && !isMadeAnew(client, row_id, { field, value: f[field]?.v }))
					this.#world.problem(`${client.setup.name} has ${key} ${hlc} in its queue and shows ${stands}`);
			}
		}
	}

	/** True when something was fetched since the last look. */
	#lookAtCursor(client: SimClient): boolean {
		const [row] = client.rows<{ value: string }>("SELECT value FROM meta WHERE key = 'cursor'");
		const before = this.#cursors.get(client);
		if (!row) {
			this.#cursors.delete(client);
			return false;
		}
		const [, epoch, scope, seq, ord] = JSON.parse(
			Buffer.from(row.value.split('.')[0] as string, 'base64url').toString(),
		) as [number, string, string, number, number];
		const now: Seen = { scope: `${epoch} ${scope}`, place: [seq, ord], copies: this.#world.copies };
		const [oldSeq = 0, oldOrd = 0] = before?.place ?? [];
		if (before?.scope === now.scope && seq === oldSeq && ord === oldOrd) return false;
		this.#cursors.set(client, now);
		// A server that went back takes its laptops along.
		if (before?.scope !== now.scope || before.copies !== now.copies || this.#world.restores > 0) return true;
		if (seq < oldSeq || (seq === oldSeq && ord < oldOrd))
			this.#world.problem(`${client.setup.name}: the cursor went back from ${before.place} to ${now.place}`);
		return true;
	}

	/** Notes what a person would read now; whether it ever went back is told at the end, by the server's order. */
	#read(client: SimClient): void {
		const { name } = client.setup;
		for (const { id, fv } of client.rows<{ id: string; fv: string }>(
			'SELECT id, fv FROM issue ORDER BY rowid DESC LIMIT 3',
		)) {
			if (this.#last.get(`${name} ${id}`) === fv) continue;
			this.#last.set(`${name} ${id}`, fv);
			const versions = readVersions(fv);
			for (const field of ['title', 'status', 'priority']) {
				const version = versions[field] ?? versions['*'];
				if (version) this.readings.push({ client: name, key: `issue ${id} ${field}`, version });
			}
		}
	}

	/** What was one edit of a colleague is seen whole or not at all. */
	#lookAtGroups(client: SimClient): void {
		for (const ids of this.#world.ledger.together.slice(-6)) {
			const [found] = client.rows<{ n: number }>(
				`WITH ids AS (SELECT value AS id FROM json_each(?)) SELECT (SELECT count(*) FROM checklist_item WHERE id IN ids)
				+ (SELECT count(*) FROM visit WHERE id IN ids) AS n`,
				JSON.stringify(ids),
			);
			if (found && found.n > 0 && found.n < ids.length)
				this.#world.problem(`${client.setup.name} sees ${found.n} of the ${ids.length} records of one edit`);
		}
	}

	/** What the laptop holds for sent is what the server has counted. */
	async #lookAtAnswer(client: SimClient): Promise<void> {
		const [sent] = client.rows<{ no: number | null; device: string }>(
			"SELECT max(wire_no) AS no, (SELECT value FROM meta WHERE key = 'device_id') AS device FROM outbox WHERE sent_at IS NOT NULL",
		);
		const [device] = await this.#world.server.query<{ last: number }>(
			'select last_group::int as last from device where id = $1',
			[sent?.device],
		);
		if ((sent?.no ?? 0) > (device?.last ?? 0))
			this.#world.problem(`${client.setup.name} believes ${sent?.no} groups sent, the server has ${device?.last}`);
	}
}
