import type { EntityName } from '../shared/entities/registry.ts';
import type { Unit } from './unit.ts';

/** The fields that the account list counts by. */
const counted: Partial<Record<EntityName, readonly string[]>> = {
	issue: ['account_id', 'status', 'priority', 'resolved_at'],
	note: ['account_id', 'at'],
	visit: ['account_id', 'status', 'ends_at'],
	renewal_event: ['account_id', 'status', 'client_cutoff'],
};

/** Remembers that an account's figures follow from what was just written; they are counted once, when the unit ends. */
export function noteFigures(unit: Unit, entity: EntityName, accountId: unknown): void {
	if (typeof accountId === 'string' && counted[entity]) unit.staleFigures.add(accountId);
}

/** True when a change of these fields changes what the account list counts. */
export function isCounted(entity: EntityName, fields: readonly string[]): boolean {
	return counted[entity]?.some((field) => fields.includes(field)) ?? false;
}

/** Counts assets by difference: an account can hold tens of thousands, and an import adds them by the hundred. */
export function noteAssets(unit: Unit, accountId: unknown, delta: number): void {
	if (typeof accountId === 'string') unit.assetDelta.set(accountId, (unit.assetDelta.get(accountId) ?? 0) + delta);
}

/** Writes the figures of every account the unit touched. */
export function updateFigures(unit: Unit): void {
	for (const [accountId, delta] of unit.assetDelta) {
		ensureRow(unit, accountId);
		unit.store.statement('UPDATE account_figure SET assets = assets + ? WHERE account_id = ?').run(delta, accountId);
	}
	for (const accountId of unit.staleFigures) {
		ensureRow(unit, accountId);
		unit.store.statement(recount).run({ account: accountId });
	}
}

function ensureRow(unit: Unit, accountId: string): void {
	unit.store
		.statement(
			'INSERT OR IGNORE INTO account_figure (account_id, assets, open_issues, urgent_issues) VALUES (?, 0, 0, 0)',
		)
		.run(accountId);
}

const recount = `
UPDATE account_figure SET
	open_issues = (SELECT count(*) FROM issue WHERE account_id = @account AND deleted_at IS NULL
		AND status NOT IN ('RESOLVED', 'CLOSED')),
	urgent_issues = (SELECT count(*) FROM issue WHERE account_id = @account AND deleted_at IS NULL
		AND status NOT IN ('RESOLVED', 'CLOSED') AND priority = 'URGENT'),
	next_cutoff = (SELECT min(client_cutoff) FROM renewal_event WHERE account_id = @account AND deleted_at IS NULL
		AND status IN ('OPEN', 'REMINDED')),
	last_contact_at = (SELECT max(at) FROM (
		SELECT max(at) AS at FROM note WHERE account_id = @account AND deleted_at IS NULL
		UNION ALL SELECT max(ends_at) FROM visit WHERE account_id = @account AND deleted_at IS NULL AND status = 'DONE'
		UNION ALL SELECT max(resolved_at) FROM issue WHERE account_id = @account AND deleted_at IS NULL
			AND resolved_at IS NOT NULL))
WHERE account_id = @account`;
