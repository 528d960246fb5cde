import { nextVersion } from '../../shared/sync/version.ts';
import { nextSeq, type Trx } from '../store/transaction.ts';
import { insertHistory } from '../store/write-rows.ts';
import { SERVER_SHORT } from '../sync/server-short.ts';

/** Something that happened to a person or a laptop, rather than to what somebody wrote. */
export interface AuditEvent {
	entity: 'app_user' | 'device';
	id: string;
	/** No field has such a name. */
	what: '@registered' | '@revoked' | '@told_to_go' | '@wiped';
	before?: unknown;
	value: unknown;
	/** Null is the server's own command line. */
	by: string | null;
	at: Date;
}

/** Adds it to the audit, as a commit of its own unless `seq` names the one it is a part of. */
export async function noteEvent(trx: Trx, event: AuditEvent, seq?: number): Promise<void> {
	const { entity, id, what, before = null, value, by, at } = event;
	const line = {
		seq: seq ?? (await nextSeq(trx)),
		ord: 0,
		entity,
		row_id: id,
		field: what,
		before: JSON.stringify(before),
		value: JSON.stringify(value),
		version: nextVersion(undefined, at.getTime(), SERVER_SHORT),
		base: null,
		by_user: by,
		// No edit of a laptop's, also where it is about one.
		device: null,
		device_at: null,
		server_at: at.toISOString(),
		outcome: 'apply',
		stands_as: null,
		conflict_id: null,
	};
	await insertHistory(trx, [line]);
}
