import type { Store } from './open-store.ts';

/** What this laptop knows of itself and of its server. */
export type MetaKey =
	| 'device_id'
	| 'device_short'
	| 'user_id'
	| 'user_name'
	| 'server_epoch'
	| 'cursor'
	| 'nonce'
	| 'acknowledged_at'
	| 'pulled_at'
	| 'clock'
	| 'paused'
	| 'went_back'
	| 'metered'
	| 'server_features'
	| 'server_schema'
	| 'staging'
	| 'pulled_schema'
	| 'brake'
	| 'homeless'
	/** When all accounts were last compared with the office (UTC), and what was done about those that differed. */
	| 'digest_at'
	| 'digest'
	/** When what was deleted long ago was last forgotten; the server's time, UTC. */
	| 'tidied_at'
	| 'files_epoch'
	/** Keys of files that were sealed before the store's key was changed. */
	| 'file_keys'
	/** Who signed in, for the issuer, and the refresh token of their session. */
	| 'person'
	| 'session'
	| 'session_ended'
	/** What is shown to the server in place of a token when this laptop has been put out. */
	| 'ticket'
	/** Everything was handed in and the office wants this store destroyed: what is to be told to it afterwards. */
	| 'departure'
	| 'lease_days'
	| 'contact_at'
	| 'clock_seen'
	/** Files whose bytes stay for a while although no record speaks of them. */
	| 'kept_files'
	/** Where an export is being written; one that was ended from outside is removed by it. */
	| 'export_part'
	| 'sample';

/** The value kept under `key`, or undefined when there is none. */
export function readMeta(store: Store, key: MetaKey): string | undefined {
	const row = store.statement('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined;
	return row?.value;
}

/** Writes a value; null removes it. */
export function writeMeta(store: Store, key: MetaKey, value: string | null): void {
	if (value === null) store.statement('DELETE FROM meta WHERE key = ?').run(key);
	else
		store
			.statement('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
			.run(key, value);
}
