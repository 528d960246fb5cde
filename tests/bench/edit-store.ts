import { type Core, createCore } from '../../electron/core/core.ts';
import { sampleStore } from '../support/sample-store.ts';
import { median, percentile, round } from './measures.ts';
import { rawEditor } from './raw-edit.ts';

export interface StoreEdit {
	medianMs: number;
	p95Ms: number;
	rawMedianMs: number;
	rawP95Ms: number;
	ratio: number;
	p95Ratio: number;
}

const values = {
	title: (turn: number) => `Question ${turn} about the annuity`,
	priority: (turn: number) => (turn % 2 ? 'HIGH' : 'NORMAL'),
	status: (turn: number) => (turn % 2 ? 'IN_PROGRESS' : 'OPEN'),
	due_date: (turn: number) => `2027-0${1 + (turn % 9)}-1${turn % 9}`,
} as const;

/** An edit through the core against the same rows written by hand; one after the other on the same connection. */
export async function measureStoreEdits(folder: string, edits: number): Promise<StoreEdit> {
	const core = await createCore({
		...sampleStore(folder),
		deviceName: 'bench',
		appVersion: '0.0.0',
		sample: true,
		userId: 'u-sam',
		autoSync: false,
	});
	try {
		return await takeTurns(core, edits);
	} finally {
		await core.close();
	}
}

async function takeTurns(core: Core, edits: number): Promise<StoreEdit> {
	const raw = rawEditor(core.store);
	const ids = someIssues(core, edits);
	const times: { core: number[]; raw: number[] } = { core: [], raw: [] };
	const warmUp = Math.ceil(edits / 10);
	for (let turn = -warmUp; turn < edits; turn++) {
		const id = ids[Math.abs(turn) % ids.length] as string;
		const field = raw.fields[Math.abs(turn) % raw.fields.length] as (typeof raw.fields)[number];
		const started = performance.now();
		const result = await core.call('issues.update', { id, patch: { [field]: values[field](turn + warmUp) } });
		const between = performance.now();
		if (!result.ok) throw new Error(JSON.stringify(result.error));
		raw.follow(lastGroup(core));
		const rawStarted = performance.now();
		raw.edit(id, field, values[field](turn + warmUp + 1));
		const ended = performance.now();
		if (turn < 0) continue;
		times.core.push(between - started);
		times.raw.push(ended - rawStarted);
	}
	return {
		medianMs: round(median(times.core), 3),
		p95Ms: round(percentile(times.core, 0.95), 3),
		rawMedianMs: round(median(times.raw), 3),
		rawP95Ms: round(percentile(times.raw, 0.95), 3),
		ratio: round(median(times.core) / median(times.raw)),
		p95Ratio: round(percentile(times.core, 0.95) / percentile(times.raw, 0.95)),
	};
}

/** Issues spread over all accounts and ages, so that no page of the store is warm by chance. */
function someIssues(core: Core, count: number): string[] {
	const rows = core.store.raw.prepare('SELECT id FROM issue WHERE deleted_at IS NULL ORDER BY id').all() as {
		id: string;
	}[];
	const step = Math.max(1, Math.floor(rows.length / count));
	return rows.filter((_, index) => index % step === 0).map((row) => row.id);
}

function lastGroup({ store }: Core): number {
	return (store.raw.prepare('SELECT coalesce(max(group_no), 0) AS last FROM outbox').get() as { last: number }).last;
}
